from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "chuangwen.accounts"
    label = "accounts"

    def ready(self) -> None:
        from chuangwen.accounts import signals  # noqa: F401 (connects its receivers)
