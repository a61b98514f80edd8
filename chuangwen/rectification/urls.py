from django.urls import path

from chuangwen.rectification.views import acting, importing, ledger, matter, problem, registering, rules, sheets

app_name = "rectification"
urlpatterns = [
    path("problems/", ledger.ledger, name="ledger"),
    path("problems/import/", importing.begin, name="import"),
    path("problems/new/", registering.register, name="register"),
    path("problems/new/route/", registering.suggestion, name="register_route"),
    path("problems/rules/", rules.rules, name="rules"),
    path("problems/rules/new/", rules.edit, name="rule_new"),
    path("problems/rules/hints/", rules.from_hints, name="rule_hints"),
    path("problems/rules/<int:pk>/", rules.edit, name="rule"),
    path("problems/rules/<int:pk>/end/", rules.end, name="rule_end"),
    path("problems/<slug:number>/", problem.detail, name="problem"),
    path("problems/<slug:number>/map.geojson", problem.spot, name="spot"),
    path("problems/<slug:number>/sheet/<slug:kind>/", sheets.sheet, name="sheet"),
    path("problems/<slug:number>/steps/<int:pk>/done/", acting.milestone_done, name="milestone_done"),
    path("problems/<slug:number>/link/", matter.hand_out, name="links"),
    path("problems/<slug:number>/<slug:action>/", acting.act, name="act"),
]
