from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    name = "chuangwen.workflow"
    label = "workflow"

    def ready(self) -> None:
        from chuangwen.audit.wording import register_action_provider
        from chuangwen.workflow.wording import step_words

        register_action_provider(step_words)
