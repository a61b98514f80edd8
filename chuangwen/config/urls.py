"""All addresses. Each area mounts its own; one that has no pages yet is left out."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path

urlpatterns = [
    path("account/", include("chuangwen.accounts.entrance_urls")),
    *(
        path("", include(f"chuangwen.{area}.urls"))
        for area in settings.AREAS
        if find_spec(f"chuangwen.{area}.urls") is not None
    ),
]
handler403 = "chuangwen.config.views.forbidden"
handler400 = "chuangwen.config.views.damaged"
