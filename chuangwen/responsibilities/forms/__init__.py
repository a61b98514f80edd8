"""What people type about duties and tasks, checked before a service sees it."""

from chuangwen.responsibilities.forms.days import DueField, end_of, soon_due, usual_due
from chuangwen.responsibilities.forms.instructions import ErrandForm, OwnInstructionForm, PaperInstructionForm
from chuangwen.responsibilities.forms.matrix import (
    CellForm,
    ClaimForm,
    CollectiveForm,
    DossiersForm,
    IssueForm,
    RuleForm,
    SplitForm,
)
from chuangwen.responsibilities.forms.recurring import (
    DutyForm,
    PhraseField,
    RuleTextForm,
    duty_changes,
    duty_initial,
)
from chuangwen.responsibilities.forms.tasks import (
    AcceptForm,
    ConfirmForm,
    DecideForm,
    MeasuresForm,
    ObjectForm,
    PostponeForm,
    ProgressForm,
    ReasonForm,
    ReportForm,
    TaskForm,
    VoiceForm,
)

__all__ = [
    "AcceptForm",
    "CellForm",
    "ClaimForm",
    "CollectiveForm",
    "ConfirmForm",
    "DecideForm",
    "DossiersForm",
    "DueField",
    "DutyForm",
    "ErrandForm",
    "IssueForm",
    "MeasuresForm",
    "ObjectForm",
    "OwnInstructionForm",
    "PaperInstructionForm",
    "PhraseField",
    "PostponeForm",
    "ProgressForm",
    "ReasonForm",
    "ReportForm",
    "RuleForm",
    "RuleTextForm",
    "SplitForm",
    "TaskForm",
    "VoiceForm",
    "duty_changes",
    "duty_initial",
    "end_of",
    "soon_due",
    "usual_due",
]
