from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "chuangwen.accounts"
    label = "accounts"

    def ready(self) -> None:
        from chuangwen.accounts import lists, signals  # noqa: F401 (connects its receivers)
        from chuangwen.accounts.search import search_people
        from chuangwen.accounts.wording import ACTION_WORDS
        from chuangwen.audit.wording import register_action_words
        from chuangwen.core.lists.response import register_list
        from chuangwen.core.panels import NavGroup, NavItem, register_navigation
        from chuangwen.core.search import register_search

        register_search(search_people, 60)
        register_action_words(ACTION_WORDS)
        register_list(lists.PeopleList())
        register_list(lists.LinkList())
        register_navigation(NavItem(NavGroup.SITE, 61, _("People"), "users", "accounts:people", ("accounts.manage",)))
