from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "chuangwen.organizations"
    label = "organizations"

    def ready(self) -> None:
        from chuangwen.core.access import register_scope_provider
        from chuangwen.organizations.scopes import scope_of_user

        register_scope_provider(scope_of_user)
