from django.apps import AppConfig


class ScoringConfig(AppConfig):
    name = "chuangwen.scoring"
    label = "scoring"
