"""Names a browser and its machine in words, so that a person knows the own phone again."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

_BROWSERS = (
    ("MicroMessenger", "微信"), ("DingTalk", "钉钉"), ("Edg", "Edge"), ("Firefox", "Firefox"),
    ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_MACHINES = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("HarmonyOS", "HarmonyOS"), ("OpenHarmony", "HarmonyOS"),
    ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


def device_words(user_agent: str) -> str:
    """ "Chrome, Android (SM-G9910)" out of a User-Agent header; a plain word where it says nothing known."""
    browser = next((word for mark, word in _BROWSERS if mark in user_agent), "")
    machine = next((word for mark, word in _MACHINES if mark in user_agent), "")
    model = re.search(r"Android [\d.]+; (?:[a-z]{2}-[a-z]{2}; )?([\w .+-]{2,30})(?: Build|\))", user_agent)
    if model and machine == "Android" and model[1] != "K":  # K: Chrome hides the model
        machine = f"{machine} ({model[1].strip()})"
    return ", ".join(word for word in (browser, machine) if word) or _("Unknown device")
