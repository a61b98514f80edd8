"""The steps of a letter from above, each a small form or a button: proposed, instructed on, passed on, answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from chuangwen.core.access import may
from chuangwen.core.pages import attempt, signed_in
from chuangwen.directives.forms.letters import (
    AnswerForm,
    AnswerSignForm,
    LetterForm,
    LetterReasonForm,
    OwnWordsForm,
    PaperWordsForm,
    ProposalForm,
    RouteForm,
    SentForm,
)
from chuangwen.directives.letter_papers import proposed_answer
from chuangwen.directives.models import Letter
from chuangwen.directives.queries.letters import known_senders, replies_of
from chuangwen.directives.services import letter_answers, slips
from chuangwen.directives.services import letters as services
from chuangwen.directives.views.answers import posted
from chuangwen.directives.views.letter_list import crumbs
from chuangwen.directives.views.letters import (
    INSTRUCT,
    SIGN,
    facts,
    instructions_on,
    register_page,
    table_of,
    the_letter,
)
from chuangwen.directives.views.meetings import keep_page
from chuangwen.directives.workflow import EDIT, LETTER_WORKFLOW
from chuangwen.organizations.models import Post
from chuangwen.responsibilities.queries.instructions import posts_held


def step(
    request: HttpRequest, found: Letter, form: Any, keep: Callable[[], Any], title: str, done: str, **shown: Any
) -> HttpResponse:
    """A form about a letter, which leads back to it."""
    back = reverse("directives:letter", args=[found.pk])
    return keep_page(
        request, form, keep, title, back, crumbs(title, (found.number, back)), done=done, subtitle=found.title,
        beside=facts(found), **shown,
    )  # fmt: skip


def _propose(request: HttpRequest, found: Letter) -> HttpResponse:
    last = Letter.objects.filter(region=found.region_id, leader__isnull=False).order_by("-pk").first()
    leader: Post | None = found.leader or (last.leader if last else None)
    form = ProposalForm(posted(request), letter=found, leader=leader)
    return step(
        request, found, form, lambda: services.propose_handling(found, actor=request.user, **form.cleaned_data),
        _("Propose its handling"), _("The proposal is kept"), submit=_("Keep the proposal"),
    )  # fmt: skip


def _route(request: HttpRequest, found: Letter) -> HttpResponse:
    form = RouteForm(posted(request), letter=found)

    def keep() -> str:
        number = len(slips.route_letter(found, form.routing(), actor=request.user))
        return ngettext("%d unit has its slip.", "%d units have their slips.", number) % number

    more = {
        "letter": found, "words": instructions_on(found, request.user),
        "has": [str(one.task.unit) for one in found.slips.all()],
    }  # fmt: skip
    title = _("Pass the letter on to units")
    return step(request, found, form, keep, title, "", template="directives/letter_route.html", more=more)


def _send(request: HttpRequest, found: Letter) -> HttpResponse:
    form = SentForm(posted(request), request.FILES if request.method == "POST" else None)
    return step(
        request, found, form, lambda: letter_answers.send_answer(found, form.sent(), actor=request.user),
        _("Enter the answer as sent"), _("The letter is answered; the units' replies are confirmed"),
    )  # fmt: skip


def _redraft(request: HttpRequest, found: Letter) -> HttpResponse:
    form = LetterReasonForm(posted(request))
    return step(
        request, found, form,
        lambda: letter_answers.redraft_answer(found, actor=request.user, **form.cleaned_data),
        _("Change the signed answer"), _("The answer can be changed; it is signed again"),
    )  # fmt: skip


def _withdraw(request: HttpRequest, found: Letter) -> HttpResponse:
    form = LetterReasonForm(posted(request))
    return step(
        request, found, form, lambda: services.withdraw_letter(found, actor=request.user, **form.cleaned_data),
        _("Take the letter out of the register"), _("Taken out; units that had it are told"), ends=True,
        note=_("For what was registered in error. Its number stays taken; tasks that came of it are cancelled."),
    )  # fmt: skip


FORMS: dict[str, Callable[[HttpRequest, Letter], HttpResponse]] = {
    "propose": _propose, "route": _route, "send": _send, "redraft": _redraft, "withdraw": _withdraw,
}  # fmt: skip
BUTTONS: dict[str, Callable[..., None]] = {
    "file": services.file_letter, "reopen": services.reopen_letter, "take": services.take_letter,
}  # fmt: skip


@signed_in(EDIT)
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One step of the office."""
    found = the_letter(request, pk, EDIT)
    if name in FORMS:
        return FORMS[name](request, found)
    run = BUTTONS.get(name)
    if run is None:
        raise Http404
    back = reverse("directives:letter", args=[pk])
    if request.method == "GET":
        return redirect(back)
    done = str(LETTER_WORKFLOW[name].done)
    return attempt(request, lambda: run(found, actor=request.user), done=back, said=lambda _none: done)


@signed_in(EDIT)
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what was registered."""
    found = the_letter(request, pk, EDIT)
    files = request.FILES if request.method == "POST" else None
    form = LetterForm(posted(request), files, letter=found, senders=known_senders(found.region_id))
    title, back = _("Correct the entry"), reverse("directives:letter", args=[pk])

    def keep() -> Letter:
        services.change_letter(found, form.received(), actor=request.user)
        return found

    way = crumbs(title, (found.number, back))
    return register_page(request, form, keep, title, back, way, lambda _found: _("Corrected"))


@signed_in(INSTRUCT)
@require_http_methods(["GET", "POST"])
def words(request: HttpRequest, pk: int) -> HttpResponse:
    """The leader's words: from the own post, or entered by the office from the sheet."""
    found = the_letter(request, pk)
    files = request.FILES if request.method == "POST" else None
    if may(request.user, EDIT, found):
        form: OwnWordsForm | PaperWordsForm = PaperWordsForm(posted(request), files, letter=found)
        title = _("Enter the leader's words")
        note = _("You enter this for the leader. Your name and the leader's post are both kept.")
    else:
        form = OwnWordsForm(posted(request), letter=found, posts=posts_held(request.user))
        title, note = _("Write an instruction"), found.proposal
    return step(
        request, found, form, lambda: services.enter_words(found, actor=request.user, **form.words()), title,
        _("The words stand on the letter; the office passes it on"), note=note,
    )  # fmt: skip


@signed_in(EDIT)
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the answer above the table of replies."""
    found = the_letter(request, pk, EDIT)
    initial = {"answer": found.answer or proposed_answer(found, replies_of(found))}
    form = AnswerForm(posted(request), initial=initial)
    return step(
        request, found, form,
        lambda: letter_answers.write_answer(found, actor=request.user, **form.cleaned_data),
        _("Write the answer"), _("The answer is kept"), submit=_("Keep the answer"),
        template="directives/letter_answer.html", more=table_of(found),
    )  # fmt: skip


@signed_in(EDIT, SIGN)
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign the answer: a leader here, or the office from the signed sheet."""
    in_person = may(request.user, SIGN)
    found = the_letter(request, pk, SIGN if in_person else EDIT)
    files = request.FILES if request.method == "POST" else None
    signed_as = str(posts_held(request.user).first() or "") if in_person else str(found.leader or "")
    form = AnswerSignForm(posted(request), files, paper=not in_person, signed_as=signed_as)
    title = _("Sign the answer") if in_person else _("Enter the signed answer")
    return step(
        request, found, form,
        lambda: letter_answers.sign_answer(found, form.signature(), actor=request.user), title,
        _("Signed; it can be sent"), note=found.answer,
    )  # fmt: skip
