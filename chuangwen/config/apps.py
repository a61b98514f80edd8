from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "chuangwen.config"
    label = "config"
