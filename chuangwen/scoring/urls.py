from django.urls import path

from chuangwen.scoring.views import comparing, efforts, goals, losses, next_up, outside, own, plans, result, runs, trend

app_name = "scoring"
urlpatterns = [
    path("scores/", runs.run_list, name="runs"),
    path("scores/new/", runs.new_run, name="new"),
    path("scores/trend/", trend.trend, name="trend"),
    path("scores/trend/what-if/", trend.what_if, name="what_if"),
    path("scores/compare/", comparing.compare, name="compare"),
    path("scores/goals/", goals.goals, name="goals"),
    path("scores/goals/new/", goals.edit_goal, name="goal_new"),
    path("scores/goals/<int:pk>/", goals.edit_goal, name="goal"),
    path("scores/outside/", outside.outside, name="outside"),
    path("scores/outside/new/", outside.outside_new, name="outside_new"),
    path("scores/outside/<uuid:uid>/", outside.outside_result, name="outside_result"),
    path("scores/outside/<uuid:uid>/correct/", outside.outside_correct, name="outside_correct"),
    path("scores/outside/<uuid:uid>/withdraw/", outside.outside_withdraw, name="outside_withdraw"),
    path("scores/outside/<uuid:uid>/own/", outside.outside_own, name="outside_own"),
    path("scores/efforts/", efforts.efforts, name="efforts"),
    path("scores/plans/<int:pk>/", plans.issued, name="issued"),
    path("scores/<int:pk>/", result.run, name="run"),
    path("scores/<int:pk>/own/", own.own_losses, name="own"),
    path("scores/<int:pk>/losses/", losses.loss_list, name="losses"),
    path("scores/<int:pk>/next/", next_up.next_up, name="next"),
    path("scores/<int:pk>/own/next/", next_up.own_next_up, name="own_next"),
    path("scores/<int:pk>/plan/", plans.plan, name="plan"),
    path("scores/<int:pk>/plan/issue/", plans.issue, name="issue_plan"),
    path("scores/<int:pk>/verify/", runs.verify, name="verify"),
    path("scores/<int:pk>/export/", runs.export, name="export"),
]
