from django.urls import path

from chuangwen.campaigns.views import campaigns, plan, rounds, wizard

app_name = "campaigns"
urlpatterns = [
    path("campaigns/", campaigns.campaign_list, name="list"),
    path("campaigns/new/", wizard.campaign_new, name="new"),
    path("campaigns/new/give-up/", wizard.give_up, name="give-up"),
    path("campaigns/new/<slug:step>/", wizard.campaign_new, name="new-step"),
    path("campaigns/<int:pk>/", campaigns.campaign_detail, name="campaign"),
    path("campaigns/<int:pk>/choose/", campaigns.choose, name="choose"),
    path("campaigns/<int:pk>/standard/", campaigns.standard, name="standard"),
    path("campaigns/<int:pk>/step/<slug:action>/", campaigns.step, name="step"),
    path("campaigns/<int:pk>/plan/", plan.plan, name="plan"),
    path("campaigns/<int:pk>/plan/fill/", plan.fill, name="plan-fill"),
    path("campaigns/<int:pk>/milestones/new/", plan.milestone_new, name="milestone-new"),
    path("campaigns/<int:pk>/rounds/new/", rounds.round_new, name="round-new"),
    path("campaigns/milestones/<int:pk>/", plan.milestone_edit, name="milestone"),
    path("campaigns/milestones/<int:pk>/act/", plan.milestone_act, name="milestone-act"),
    path("campaigns/rounds/<int:pk>/", rounds.round_edit, name="round"),
    path("campaigns/rounds/<int:pk>/step/<slug:action>/", rounds.round_step, name="round-step"),
]
