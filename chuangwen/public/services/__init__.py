"""What can be done: the office opens its pages (arranging), a stranger objects and looks the answer up (objecting)."""

from chuangwen.public.services.arranging import save_site
from chuangwen.public.services.objecting import look_up, raise_objection

__all__ = ["look_up", "raise_objection", "save_site"]
