"""The addresses of letters from above and of their reply slips."""

from __future__ import annotations

from django.urls import path

from chuangwen.directives.views import letter_steps, letters, slips

LETTER_PATHS = [
    path("letters/", letters.letters, name="letters"),
    path("letters/new/", letters.new, name="letter_new"),
    path("letters/slips/<int:pk>/", slips.slip, name="letter_slip"),
    path("letters/<int:pk>/", letters.letter, name="letter"),
    path("letters/<int:pk>/slips/", slips.slips, name="letter_slips"),
    path("letters/<int:pk>/slips/links/", slips.links, name="letter_links"),
    path("letters/<int:pk>/change/", letter_steps.change, name="letter_change"),
    path("letters/<int:pk>/read/", letters.read, name="letter_read"),
    path("letters/<int:pk>/sheet/", letters.sheet, name="letter_sheet"),
    path("letters/<int:pk>/word/", letters.word, name="letter_word"),
    path("letters/<int:pk>/words/", letter_steps.words, name="letter_words"),
    path("letters/<int:pk>/answer/", letter_steps.answer, name="letter_answer"),
    path("letters/<int:pk>/sign/", letter_steps.sign, name="letter_sign"),
    path("letters/<int:pk>/<slug:name>/", letter_steps.act, name="letter_act"),
]
