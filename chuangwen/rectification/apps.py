from django.apps import AppConfig


class RectificationConfig(AppConfig):
    name = "chuangwen.rectification"
    label = "rectification"
