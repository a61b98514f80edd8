from django.urls import path

from chuangwen.accounts.views import me

app_name = "accounts"
urlpatterns = [
    path("accounts/me/", me.me, name="me"),
    path("accounts/sessions/end/", me.end_sessions, name="end-sessions"),
    path("accounts/sessions/<int:pk>/end/", me.end_one_session, name="end-session"),
    path("accounts/devices/<int:pk>/withdraw/", me.withdraw_my_device, name="withdraw-my-device"),
]
