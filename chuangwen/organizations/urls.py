from django.urls import path

from chuangwen.organizations import ground_views, group_views, handover_views, kind_views, views

app_name = "organizations"
urlpatterns = [
    path("units/", views.unit_list, name="units"),
    path("units/new/", views.new_unit, name="new"),
    path("units/office-word/", views.office_word, name="office_word"),
    path("units/succeed/", views.succeed, name="succeed"),
    path("units/groups/", group_views.group_list, name="groups"),
    path("units/groups/new/", group_views.new_group, name="new_group"),
    path("units/groups/<int:pk>/", group_views.group, name="group"),
    path("units/groups/<int:pk>/edit/", group_views.edit_group, name="edit_group"),
    path("units/groups/<int:pk>/seats/", group_views.seat, name="seat"),
    path("units/groups/<int:pk>/seats/<int:membership>/drop/", group_views.unseat, name="unseat"),
    path("units/grids/", group_views.grid_list, name="grids"),
    path("units/grids/new/", group_views.new_grid, name="new_grid"),
    path("units/grids/<int:pk>/", ground_views.grid, name="grid"),
    path("units/grids/<int:pk>/edit/", group_views.grid, name="edit_grid"),
    path("units/grids/<int:pk>/visits/", ground_views.visit, name="visit"),
    path("units/areas/", group_views.area_list, name="areas"),
    path("units/areas/new/", group_views.new_area, name="new_area"),
    path("units/areas/<int:pk>/", ground_views.area, name="area"),
    path("units/areas/<int:pk>/edit/", group_views.area, name="edit_area"),
    path("units/handovers/", handover_views.handovers, name="handovers"),
    path("units/handovers/<int:pk>/", handover_views.handover, name="handover"),
    path("units/handovers/<int:pk>/sign/", handover_views.sign, name="sign_handover"),
    path("units/handovers/<int:pk>/paper/", handover_views.paper, name="handover_paper"),
    path("units/holdings/<int:pk>/hand-over/", handover_views.new_handover, name="new_handover"),
    path("units/<int:pk>/", views.unit, name="unit"),
    path("units/<int:pk>/kinds/", kind_views.org_kinds, name="org_kinds"),
    path("units/<int:pk>/edit/", views.edit_unit, name="edit"),
    path("units/<int:pk>/aliases/", views.add_alias, name="alias"),
    path("units/<int:pk>/posts/", views.hold, name="hold"),
    path("units/<int:pk>/posts/<int:holding>/end/", views.leave, name="leave"),
    path("units/<int:pk>/roles/", views.grant, name="grant"),
    path("units/<int:pk>/roles/<int:grant_pk>/end/", views.end_grant, name="end_grant"),
]
