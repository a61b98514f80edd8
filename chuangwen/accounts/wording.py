"""How the audit tells what was done to accounts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ACTION_WORDS = {
    "accounts.session.begin": _("Signed in"),
    "accounts.session.leave": _("Signed out"),
    "accounts.session.refuse": _("Wrong account or password"),
    "accounts.session.lock": _("Locked after wrong tries"),
    "accounts.session.end": _("Ended sessions"),
    "accounts.session.end_oldest": _("Oldest session ended by the limit"),
    "accounts.password.set": _("Password set"),
    "accounts.factor.add": _("Second factor set up"),
    "accounts.factor.remove": _("Second factor taken off"),
    "accounts.factor.renew": _("Recovery codes renewed"),
    "accounts.factor.refuse": _("Wrong code of the second factor"),
    "accounts.person.create": _("Account made"),
    "accounts.person.edit": _("Account put right"),
    "accounts.person.unlock": _("Account unlocked"),
    "accounts.person.close": _("Account closed"),
    "accounts.person.reopen": _("Account opened again"),
    "accounts.device.code": _("Binding code given"),
    "accounts.device.bind": _("Device bound"),
    "accounts.device.withdraw": _("Device withdrawn"),
    "accounts.link.make": _("Link given out"),
    "accounts.link.open": _("Link opened"),
    "accounts.link.act": _("Acted through a link"),
    "accounts.link.withdraw": _("Link withdrawn"),
    "notifications.channel.add": _("Channel added"),
    "notifications.channel.switch": _("Channel switched on or off"),
    "notifications.channel.remove": _("Channel removed"),
}
