"""All addresses. Each area mounts its own; one that has no pages yet is left out."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.account.urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("account/sessions/", include("allauth.usersessions.urls")),
    *(
        path("", include(f"chuangwen.{area}.urls"))
        for area in settings.AREAS
        if find_spec(f"chuangwen.{area}.urls") is not None
    ),
]
handler403 = "chuangwen.config.views.forbidden"
