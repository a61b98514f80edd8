from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "chuangwen.core"
    label = "core"

    def ready(self) -> None:
        import chuangwen.core.imports.jobs
        import chuangwen.core.lists.jobs  # noqa: F401  (registers its kinds of work)
