"""What happens in the ledger: opening, giving, reviewing, reminding. Every act is audited."""

from chuangwen.evidence.services.giving import (
    Facts,
    Outcome,
    drop_piece,
    edit_piece,
    give_files,
    set_passage,
    unlink_piece,
    use_piece,
    write_piece,
)
from chuangwen.evidence.services.opening import default_due, move_due, open_dossiers, remind_unit
from chuangwen.evidence.services.renewing import carry_dossiers
from chuangwen.evidence.services.reviewing import (
    accept_dossier,
    approve_dossier,
    reopen_dossier,
    return_dossier,
    send_back_dossier,
    submit_dossier,
    take_back_dossier,
)

__all__ = [
    "Facts", "Outcome",
    "accept_dossier", "approve_dossier", "carry_dossiers", "default_due", "drop_piece", "edit_piece", "give_files",
    "move_due", "open_dossiers", "remind_unit", "reopen_dossier", "return_dossier", "send_back_dossier", "set_passage",
    "submit_dossier", "take_back_dossier", "unlink_piece", "use_piece", "write_piece",
]  # fmt: skip
