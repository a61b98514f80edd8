from django.urls import path

from chuangwen.public.views import bulletins, draws, notices, objections, scores, settings, start, titles

app_name = "public"
urlpatterns = [
    path("settings/public/", settings.settings_page, name="settings"),
    path("settings/public/scores/", scores.scores_inside, name="scores_inside"),
    path("settings/public/scores/<int:pk>/", scores.score_inside, name="score_inside"),
    path("settings/public/scores/<int:pk>/<str:action>/", scores.score_act, name="score_act"),
    path("public/", start.regions, name="regions"),
    path("public/verify_draw.py", draws.tool, name="tool"),
    path("public/<str:code>/", start.start, name="start"),
    path("public/<str:code>/notices/", notices.notice_list, name="notices"),
    path("public/<str:code>/notices/<int:pk>/", notices.notice, name="notice"),
    path("public/<str:code>/notices/<int:pk>/paper/", notices.paper, name="notice_paper"),
    path("public/<str:code>/notices/<int:pk>/object/", objections.object_to, name="object"),
    path("public/<str:code>/objections/", objections.look_up_answer, name="answer"),
    path("public/<str:code>/titles/", titles.register, name="titles"),
    path("public/<str:code>/titles/export/", titles.export, name="titles_export"),
    path("public/<str:code>/bulletins/", bulletins.bulletin_list, name="bulletins"),
    path("public/<str:code>/bulletins/<int:pk>/", bulletins.bulletin, name="bulletin"),
    path("public/<str:code>/bulletins/<int:pk>/word/", bulletins.word, name="word"),
    path("public/<str:code>/bulletins/<int:pk>/pdf/", bulletins.pdf, name="pdf"),
    path("public/<str:code>/scores/", scores.score_list, name="scores"),
    path("public/<str:code>/scores/<int:pk>/", scores.score, name="score"),
    path("public/<str:code>/scores/<int:pk>/<str:name>", scores.score_file, name="score_file"),
    path("public/<str:code>/draws/", draws.draw_list, name="draws"),
    path("public/<str:code>/draws/<int:pk>/", draws.draw, name="draw"),
    path("public/<str:code>/draws/<int:pk>/record/", draws.record, name="record"),
]
