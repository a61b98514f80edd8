from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "chuangwen.places"
    label = "places"
