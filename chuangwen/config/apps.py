from django.apps import AppConfig
from django.conf import settings


class SiteConfig(AppConfig):
    name = "chuangwen.config"
    label = "config"

    def ready(self) -> None:
        import chuangwen.config.housekeeping  # noqa: F401  (registers its daily work)
        from chuangwen.audit.wording import register_action_words, register_data_words
        from chuangwen.config.action_words import ACTION_WORDS
        from chuangwen.config.data_words import DATA_WORDS

        register_action_words(ACTION_WORDS)
        register_data_words(DATA_WORDS)

        if settings.DEMO:
            from chuangwen.accounts.welcome import register_demo_accounts
            from chuangwen.config.demo.accounts import shown_accounts

            register_demo_accounts(shown_accounts)
