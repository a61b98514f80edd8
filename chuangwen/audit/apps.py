from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "chuangwen.audit"
    label = "audit"
