"""What can be done: the office opens its pages (arranging), a stranger objects and looks the answer up (objecting),
two people show a score (scoring)."""

from chuangwen.public.services.arranging import save_site
from chuangwen.public.services.objecting import look_up, raise_objection
from chuangwen.public.services.scoring import drop_score, propose_score, release_score, take_score_back

__all__ = [
    "drop_score",
    "look_up",
    "propose_score",
    "raise_objection",
    "release_score",
    "save_site",
    "take_score_back",
]
