from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "chuangwen.accounts"
    label = "accounts"
