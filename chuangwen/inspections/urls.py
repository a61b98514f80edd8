from django.urls import path

from chuangwen.inspections.views import draws, field, rounds

app_name = "inspections"
urlpatterns = [
    path("rounds/", rounds.round_list, name="rounds"),
    path("rounds/new/", rounds.round_new, name="round_new"),
    path("rounds/<int:pk>/", rounds.round_detail, name="round"),
    path("rounds/<int:pk>/open/", rounds.round_open, name="open"),
    path("rounds/<int:pk>/close/", rounds.round_close, name="close"),
    path("rounds/<int:pk>/ad-hoc/", rounds.ad_hoc, name="ad_hoc"),
    path("rounds/<int:pk>/draw/", draws.draw, name="draw"),
    path("rounds/<int:pk>/draw/freeze/", draws.freeze, name="draw_freeze"),
    path("rounds/<int:pk>/draw/<int:draw_id>/commit/", draws.commit, name="draw_commit"),
    path("rounds/<int:pk>/draw/<int:draw_id>/draw/", draws.draw_frozen, name="draw_frozen"),
    path("rounds/<int:pk>/draw/<int:draw_id>/run/", draws.run, name="draw_run"),
    path("rounds/<int:pk>/draw/<int:draw_id>/close/", draws.close, name="draw_close"),
    path("rounds/<int:pk>/draw/<int:draw_id>/withdraw/", draws.withdraw, name="draw_withdraw"),
    path("rounds/<int:pk>/draw/<int:draw_id>/record.json", draws.record, name="draw_record"),
    path("rounds/<int:pk>/draw/<int:draw_id>/sheet/", draws.sheet, name="draw_sheet"),
    path("draws/verify_draw.py", draws.tool, name="draw_tool"),
    path("visits/<uuid:uid>/", rounds.visit, name="visit"),
    path("visits/<uuid:uid>/assign/", rounds.assign, name="assign"),
    path("visits/<uuid:uid>/move/", rounds.move, name="move"),
    path("visits/<uuid:uid>/skip/", rounds.skip, name="skip"),
    path("visits/<uuid:uid>/substitute/", rounds.substitute, name="substitute"),
    path("visits/<uuid:uid>/paper/", rounds.paper, name="paper"),
    path("field/", field.today, name="field"),
    path("field/ad-hoc/", field.ad_hoc, name="field_ad_hoc"),
    path("field/<uuid:uid>/", field.checklist, name="checklist"),
    path("field/<uuid:uid>/answers/", field.answers, name="answers"),
    path("field/<uuid:uid>/photos/", field.photos, name="photos"),
    path("field/<uuid:uid>/photos/<uuid:photo_uid>.jpg", field.photo, name="photo"),
    path("field/<uuid:uid>/photos/<uuid:photo_uid>/remove/", field.remove_photo, name="photo_remove"),
    path("field/<uuid:uid>/finish/", field.finish, name="finish"),
    path("field/<uuid:uid>/recuse/", field.recuse, name="recuse"),
    path("field/<uuid:uid>/closed/", field.closed, name="closed"),
]
