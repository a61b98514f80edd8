from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "chuangwen.campaigns"
    label = "campaigns"
