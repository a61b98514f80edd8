"""Tells people things, keeps what they have read, sends the digest of the day."""

from chuangwen.notifications.services.inbox import read_all
from chuangwen.notifications.services.telling import notify

__all__ = ["notify", "read_all"]
