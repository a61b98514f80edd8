"""Says in words what an entry's action was. Areas know the words of their own steps; the code always stands beside."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.functional import Promise

Words = str | Promise
_words: dict[str, Words] = {}
_data_words: dict[str, Words] = {}
_providers: list[Callable[[str], Words | None]] = []


def register_action_words(words: Mapping[str, Words]) -> None:
    """Words for whole actions such as "accounts.session.begin"."""
    _words.update(words)


def register_action_provider(provider: Callable[[str], Words | None]) -> None:
    """A function action -> words, or None where it does not know the action."""
    if provider not in _providers:
        _providers.append(provider)


def register_data_words(words: Mapping[str, Words]) -> None:
    """What the keys of entries' data are called, such as "due"."""
    _data_words.update(words)


def data_word(key: str) -> str:
    """The key in words; empty where nobody has words for it."""
    return str(_data_words.get(key, ""))


def action_words(action: str) -> str:
    """The action in words; its code where nobody has words for it."""
    if action in _words:
        return str(_words[action])
    for provider in _providers:
        words = provider(action)
        if words is not None:
            return str(words)
    return action
