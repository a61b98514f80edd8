"""One form on one page: asks, acts, and keeps what was typed where the act is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from chuangwen.core.errors import Refusal


def ask(
    request: HttpRequest,
    form: Form,
    act: Callable[[dict[str, Any]], object],
    *,
    done: str,
    said: str = "",
    template: str = "inspections/form.html",
    **context: Any,
) -> HttpResponse:
    """Show `form`; on a valid POST call `act` with its data and go on to `done`.

    `context`: page_title, breadcrumbs, submit (names the act), lead (a sentence above), cancel_url.
    """
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            if said:
                messages.success(request, said)
            return redirect(done)
    return render(request, template, {"form": form, **context}, status=422 if form.errors else 200)
