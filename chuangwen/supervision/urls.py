from django.urls import path

from chuangwen.supervision.views import acting, ledger, matter, notice, papers, proposing, rules, veto

app_name = "supervision"
urlpatterns = [
    path("notices/", ledger.register, name="register"),
    path("notices/look/", ledger.look, name="look"),
    path("notices/new/", proposing.propose, name="propose"),
    path("notices/rules/", rules.rules, name="rules"),
    path("notices/rules/fill/", rules.fill, name="rules_fill"),
    path("notices/rules/new/", rules.edit_rule, name="rule_new"),
    path("notices/rules/<int:pk>/", rules.edit_rule, name="rule"),
    path("notices/rules/<int:pk>/trial/", rules.trial, name="trial"),
    path("notices/rules/<int:pk>/switch/<slug:way>/", rules.switch, name="rule_switch"),
    path("notices/steps/<slug:step>/", rules.edit_step, name="step"),
    path("notices/<slug:number>/", notice.detail, name="notice"),
    path("notices/<slug:number>/paper/<slug:kind>/", papers.paper, name="paper"),
    path("notices/<slug:number>/link/", matter.hand_out, name="links"),
    path("notices/<slug:number>/referrals/<int:pk>/", acting.referral_back, name="referral"),
    path("notices/<slug:number>/<slug:action>/", acting.act, name="act"),
    path("veto-events/", veto.events, name="events"),
    path("veto-events/new/", veto.enter, name="event_new"),
    path("veto-events/kinds/", veto.kinds, name="kinds"),
    path("veto-events/kinds/new/", veto.edit_kind, name="kind_new"),
    path("veto-events/kinds/<int:pk>/", veto.edit_kind, name="kind"),
    path("veto-events/<int:pk>/", veto.detail, name="event"),
    path("veto-events/<int:pk>/<slug:action>/", veto.act, name="event_act"),
]
