"""How the audit calls acts of supervision that are no step of a state."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ACTION_WORDS = {
    "supervision.defaults": _("Ladder of notices written"),
    "supervision.step.save": _("Step of the ladder changed"),
    "supervision.rule.save": _("Rule of the ladder kept"),
    "supervision.rule.on": _("Rule of the ladder switched on"),
    "supervision.rule.off": _("Rule of the ladder ended"),
    "supervision.talk.record": _("Talk recorded"),
    "supervision.referral.make": _("Handed over"),
    "supervision.referral.close": _("Result of a referral came back"),
    "supervision.veto-kind.save": _("Kind of veto event kept"),
    "supervision.number.save": _("Number of flags and lists changed"),
    "supervision.weight.save": _("Weight of the monthly score changed"),
    "supervision.story.propose": _("Story proposed"),
    "supervision.story.reply": _("Reply to a story"),
    "supervision.story.outcome": _("Outcome of a story noted"),
    "supervision.flag.propose": _("Flag proposed"),
    "supervision.flaglook.look": _("Flags of a period looked for"),
    "supervision.weeklist.make": _("Red and black list made"),
    "supervision.supervisionnotice.propose": _("Notice proposed"),
    "supervision.supervisionnotice.talk": _("Talk held"),
    "supervision.supervisionnotice.joint-ask": _("Body asked to sign a notice"),
    "supervision.supervisionnotice.joint-off": _("Body taken off a notice"),
    "supervision.supervisionnotice.joint-sign": _("Notice signed jointly"),
    "supervision.lookback.make": _("List of a quarterly look-back made"),
    "supervision.feedbackmeeting.make": _("List of the meeting made"),
    "supervision.meeting.decide": _("Decision of the meeting written down"),
    "supervision.vetoevent.report": _("Veto event entered"),
    "supervision.consequence.report": _("Consequence or reward entered"),
    "supervision.consequence.propose": _("Consequence or reward proposed"),
    "supervision.consequence.reply": _("Unit replied to a consequence"),
    "supervision.consequence.appeal": _("Unit appealed against a consequence"),
    "supervision.consequence.decide": _("Appeal decided"),
    "supervision.consequence-kind.save": _("Kind of consequence kept"),
    "supervision.link-rule.save": _("Linking rule kept"),
    "supervision.link-rule.on": _("Linking rule switched on"),
    "supervision.counting.save": _("What counts in scores set"),
    "supervision.link-rule.off": _("Linking rule switched off"),
}
