from django.apps import AppConfig


class ResponsibilitiesConfig(AppConfig):
    name = "chuangwen.responsibilities"
    label = "responsibilities"
