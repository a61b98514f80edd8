"""A request as a signed-in person's page makes it, for what start pages and panels are handed."""

from __future__ import annotations

from typing import Any

from django.test import RequestFactory


def asked_by(user: Any) -> Any:
    request = RequestFactory().get("/desk/")
    request.user, request.session = user, {}
    return request
