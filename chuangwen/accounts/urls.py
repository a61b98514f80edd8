from django.urls import path

from chuangwen.accounts.views import links, me, people

app_name = "accounts"
urlpatterns = [
    path("accounts/me/", me.me, name="me"),
    path("accounts/sessions/end/", me.end_sessions, name="end-sessions"),
    path("accounts/sessions/<int:pk>/end/", me.end_one_session, name="end-session"),
    path("accounts/devices/<int:pk>/withdraw/", me.withdraw_my_device, name="withdraw-my-device"),
    path("accounts/people/", people.people, name="people"),
    path("accounts/people/new/", people.new_person, name="new-person"),
    path("accounts/people/<int:pk>/", people.person, name="person"),
    path("accounts/people/<int:pk>/password/", people.new_password, name="new-password"),
    path("accounts/people/<int:pk>/code/", people.new_code, name="new-code"),
    path("accounts/people/<int:pk>/<slug:act>/", people.act_on_person, name="act-on-person"),
    path("accounts/people/devices/<int:pk>/withdraw/", people.withdraw_persons_device, name="withdraw-device"),
    path("accounts/links/", links.links, name="links"),
    path("accounts/bind/", links.bind, name="bind"),
    path("m/<str:token>/", links.link, name="link"),
    path("m/<str:token>/<slug:action>/", links.link_action, name="link-action"),
    path("m/<str:token>/files/<uuid:uid>/<slug:size>.jpg", links.link_picture, name="link-picture"),
]
