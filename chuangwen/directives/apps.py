from django.apps import AppConfig


class DirectivesConfig(AppConfig):
    name = "chuangwen.directives"
    label = "directives"
