"""Forms of the way in and of people. Pasting is allowed everywhere; labels stand above the fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm as MfaAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as MfaReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from chuangwen.accounts.models import User
from chuangwen.accounts.services.throttling import forget_tries, try_once
from chuangwen.core.access import scope_of
from chuangwen.core.forms import HouseForm, HouseModelForm
from chuangwen.core.models import Region

CODE_TRIES, CODE_SECONDS = 5, 900
USED_SECONDS = 120  # longer than any code of an authenticator is valid
PASSWORD_RULES = _(
    "At least 10 characters of three kinds: small letters, capitals, digits, signs. Unlike the account and the name, "
    "not a common one, and not one that was in use lately."
)


def _plain(field: forms.Field, label: Any, help_text: Any = "") -> None:
    """Our words; no placeholder, which vanishes when somebody types."""
    field.label, field.help_text = label, help_text
    field.widget.attrs.pop("placeholder", None)


class SignInForm(LoginForm):  # type: ignore[misc]
    """Account and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["login"], _("Account"))
        _plain(self.fields["password"], _("Password"))
        self.fields["login"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false", "autofocus": True}
        if self.is_bound and self.data.get("login"):  # refused: the account stands there, the password is typed again
            del self.fields["login"].widget.attrs["autofocus"]
            self.fields["password"].widget.attrs["autofocus"] = True


class NewPasswordForm(ChangePasswordForm):  # type: ignore[misc]
    """The present password, and the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["oldpassword"], _("Present password"))
        _plain(self.fields["password1"], _("New password"), PASSWORD_RULES)
        _plain(self.fields["password2"], _("New password again"))

    def clean(self) -> Any:
        cleaned = super().clean()
        if self.has_error("password2") and self.cleaned_data.get("password1"):
            self.errors["password2"] = self.error_class([_("The two are not the same. Type the new one again.")])
        return cleaned

    def clean_oldpassword(self) -> str:
        return _counted_password(self.user, super().clean_oldpassword)


class PasswordAgainForm(ReauthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["password"], _("Password"))

    def clean_password(self) -> str:
        return _counted_password(self.user, super().clean_password)


def _counted_password(user: Any, check: Callable[[], str]) -> str:
    """Wrong present passwords of somebody signed in are counted over all processes, as at sign-in."""
    if not try_once("password", str(user.pk), limit=CODE_TRIES, seconds=CODE_SECONDS):
        raise ValidationError(_("Too many wrong passwords. Wait 15 minutes and try again."))
    password = check()
    forget_tries("password", str(user.pk))
    return password


class _Counted:
    """Wrong codes are counted for the person, over all processes."""

    user: Any
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(
            self.fields["code"],
            pgettext_lazy("second factor", "Code"),
            _("Six digits that the authenticator shows now, or a recovery code."),
        )
        self.fields["code"].widget.attrs |= {"autofocus": True, "autocomplete": "one-time-code"}

    def clean_code(self) -> str:
        if not try_once("mfa", str(self.user.pk), limit=CODE_TRIES, seconds=CODE_SECONDS):
            raise ValidationError(_("Too many wrong codes. Wait 15 minutes and try again."))
        code: str = super().clean_code()  # type: ignore[misc]
        # allauth remembers used codes in the memory of one process; another one must not take them either
        if not try_once("mfa-used", f"{self.user.pk} {code}", limit=1, seconds=USED_SECONDS):
            raise ValidationError(_("This code has been used. Wait for the next one."))
        forget_tries("mfa", str(self.user.pk))
        return code


class CodeForm(_Counted, MfaAuthenticateForm):  # type: ignore[misc]
    """The second factor at sign-in."""


class CodeAgainForm(_Counted, MfaReauthenticateForm):  # type: ignore[misc]
    """The second factor before something delicate."""


class FirstCodeForm(_Counted, ActivateTOTPForm):  # type: ignore[misc]
    """The first code from a newly set up authenticator."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(
            self.fields["code"],
            pgettext_lazy("second factor", "Code"),
            _("Six digits that the authenticator shows now."),
        )
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "maxlength": "6"}


class SettingsForm(HouseModelForm):  # type: ignore[type-arg]
    """How the screens look and behave for one person."""

    language = forms.ChoiceField(
        label=_("Language"), choices=[("zh-hans", "中文"), ("en", "English")], widget=forms.RadioSelect
    )

    class Meta:
        model = User
        fields = ("language", "roomy", "keys_off")
        labels = {"roomy": _("More room between rows"), "keys_off": _("Single keys do nothing")}
        help_texts = {"keys_off": _("J, K, X and the like move and act in lists. Ctrl K stays.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.language:
            self.initial["language"] = "en" if (get_language() or "").startswith("en") else "zh-hans"

    def _post_clean(self) -> None:
        """Leave the person as read: the service writes."""


ACCOUNT_SIGNS = RegexValidator(
    r"^[A-Za-z0-9][A-Za-z0-9._-]{1,39}$", _("Letters, digits, dot and hyphen; 2 to 40 signs.")
)
PHONE_SIGNS = RegexValidator(r"^\+?[0-9]{5,19}$", _("Digits alone, without blanks."))


class EditPersonForm(HouseForm):
    """Name and mobile of somebody."""

    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=40)
    phone = forms.CharField(
        label=_("Mobile"), max_length=20, required=False, validators=[PHONE_SIGNS],
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
        help_text=_("May be typed instead of the account when a phone is bound."),
    )  # fmt: skip


class NewPersonForm(EditPersonForm):
    """A new account in one of the regions that `actor` manages."""

    username = forms.CharField(
        label=_("Account"), max_length=40, validators=[ACCOUNT_SIGNS],
        help_text=_("Letters, digits, dot and hyphen. It stays the same for good."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )  # fmt: skip
    region = forms.ModelChoiceField(Region.objects.none(), label=_("Region"), empty_label=None)
    field_order = ("name", "username", "phone", "region")

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Region.objects.filter(pk__in=scope_of(actor, "accounts.manage").regions)
        field: Any = self.fields["region"]
        field.queryset = own
        if len(own) == 1:
            field.initial, field.widget = own[0].pk, forms.HiddenInput()


class BindForm(HouseForm):
    """Account or mobile, and the code that the office gave."""

    account = forms.CharField(
        label=_("Account or mobile"), max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )  # fmt: skip
    code = forms.CharField(
        label=_("Binding code"), max_length=20, help_text=_("Eight digits from the campaign office."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )  # fmt: skip
