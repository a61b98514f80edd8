"""What can be done with papers."""

from chuangwen.reports.services.arranging import (
    add_font,
    change_form,
    drop_template,
    ensure_defaults,
    remove_font,
    set_template,
)
from chuangwen.reports.services.drafting import (
    draft_bulletin,
    draft_round_papers,
    edit_bulletin,
    refresh_figures,
    take_snapshot,
)
from chuangwen.reports.services.issuing import issue_bulletin, keep_pdf
from chuangwen.reports.services.photos import MOST_PAIRS, choose_photos
from chuangwen.reports.services.releasing import (
    drop_release,
    propose_release,
    release_bulletin,
    take_release_back,
)
from chuangwen.reports.services.steps import (
    PaperSignature,
    approve_bulletin,
    receive_bulletin,
    receive_own,
    remind_units,
    return_bulletin,
    submit_bulletin,
    take_back_bulletin,
    withdraw_bulletin,
)

__all__ = [
    "MOST_PAIRS",
    "PaperSignature",
    "add_font",
    "approve_bulletin",
    "change_form",
    "choose_photos",
    "draft_bulletin",
    "draft_round_papers",
    "drop_release",
    "drop_template",
    "edit_bulletin",
    "ensure_defaults",
    "issue_bulletin",
    "keep_pdf",
    "propose_release",
    "receive_bulletin",
    "receive_own",
    "refresh_figures",
    "release_bulletin",
    "remind_units",
    "remove_font",
    "return_bulletin",
    "set_template",
    "submit_bulletin",
    "take_back_bulletin",
    "take_release_back",
    "take_snapshot",
    "withdraw_bulletin",
]
