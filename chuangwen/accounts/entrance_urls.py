"""The way in and out, by allauth's own names, which its code reverses. What this site has no use for is left out:
nobody signs up, and no password goes by mail.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.db import transaction
from django.urls import path

from chuangwen.accounts.views import entrance
from chuangwen.core.pages import open_page, signed_in

urlpatterns = [
    path("login/", open_page(account.login), name="account_login"),
    path("logout/", open_page(account.logout), name="account_logout"),
    path("inactive/", open_page(account.account_inactive), name="account_inactive"),
    path("signup/", entrance.ask_office, name="account_signup"),
    path("password/reset/", entrance.ask_office, name="account_reset_password"),
    path("password/set/", entrance.ask_office, name="account_set_password"),  # who came in by a link alone
    path("password/change/", signed_in()(account.password_change), name="account_change_password"),
    path("reauthenticate/", signed_in()(account.reauthenticate), name="account_reauthenticate"),
    path("2fa/", signed_in()(mfa.index), name="mfa_index"),
    path("2fa/authenticate/", open_page(mfa.authenticate), name="mfa_authenticate"),
    path("2fa/reauthenticate/", signed_in()(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", signed_in()(totp.activate_totp), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", signed_in()(transaction.atomic(totp.deactivate_totp)), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", signed_in()(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "2fa/recovery-codes/generate/",
        signed_in()(recovery.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "2fa/recovery-codes/download/",
        signed_in()(recovery.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
]
