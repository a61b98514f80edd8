from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    name = "chuangwen.workflow"
    label = "workflow"
