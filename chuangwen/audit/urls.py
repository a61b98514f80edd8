from django.urls import path

from chuangwen.audit import views

app_name = "audit"
urlpatterns = [
    path("audit/", views.entries, name="entries"),
    path("audit/<int:pk>/", views.entry, name="entry"),
    path("audit/chains/", views.chains, name="chains"),
    path("audit/verify/", views.verify, name="verify"),
]
