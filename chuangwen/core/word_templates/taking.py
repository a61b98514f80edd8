"""Whether an uploaded Word file can be a paper's template, and what is wrong with it in the words of who uploads it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from chuangwen.core.errors import BadUpload
from chuangwen.core.word_templates.placeholders import Fault, Vocabulary, check

TOLD = 5


def placeholders_in(data: bytes, vocabulary: Vocabulary) -> list[str]:
    """The placeholders that the file asks for.

    Refused with the place: a placeholder that the paper does not know, anything but names and comparisons in the
    braces, a loop without end; and what is no Word file.
    """
    if data[:2] != b"PK":
        raise BadUpload(_("This is no Word file."), _("Save it as .docx and send that."))
    found = check(data, vocabulary)
    if found.faults:
        raise BadUpload(" ".join(fault_words(one) for one in found.faults[:TOLD]), _("Correct it in Word and send it."))
    return list(found.names)


def fault_words(fault: Fault) -> str:
    """One fault of a template in words, with the place where it stands."""
    what = {
        "unreadable": _("The Word file cannot be read."),
        "large": _("The Word file unpacks to more than can be read."),
        "syntax": _("“%s” is not written as a placeholder is.") % fault.what
        if fault.what
        else _("A placeholder, a loop or a condition begins and does not end, or ends and did not begin."),
        "unknown": _("No paper knows “%s”.") % fault.what,
        "forbidden": _("“%s” is more than a name or a comparison.") % fault.what
        if fault.what
        else _("Something in braces is more than a name or a comparison."),
        "unfilled": _(
            "The file cannot be filled: a row's word stands outside of the table's rows, or words are compared with "
            "a number."
        ),
    }[fault.reason]
    return what + place_words(fault)


def place_words(fault: Fault) -> str:
    """Where the fault stands; "" where it is the file as a whole."""
    if not fault.where:
        return ""
    part = {
        "header": _(", in the header"), "footer": _(", in the footer"), "footnotes": _(", in the footnotes"),
        "endnotes": _(", in the endnotes"),
    }.get(fault.part, "")  # fmt: skip
    if fault.row:
        part += _(", table %(table)d, row %(row)d") % {"table": fault.row[0], "row": fault.row[1]}
    return _(" It stands in the paragraph “%(text)s”%(part)s.") % {"text": fault.where, "part": part}
