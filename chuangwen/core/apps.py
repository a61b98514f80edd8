from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "chuangwen.core"
    label = "core"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        import chuangwen.core.imports.jobs
        import chuangwen.core.lists.jobs  # noqa: F401  (registers its kinds of work)
        from chuangwen.core.gram_index import install

        post_migrate.connect(install, sender=self)
