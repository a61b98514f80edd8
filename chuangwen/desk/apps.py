from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "chuangwen.desk"
    label = "desk"
