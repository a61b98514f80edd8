from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "chuangwen.notifications"
    label = "notifications"
