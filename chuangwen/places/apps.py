from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlacesConfig(AppConfig):
    name = "chuangwen.places"
    label = "places"

    def ready(self) -> None:
        from chuangwen.core.gram_index import register_grams
        from chuangwen.core.imports import register_importer
        from chuangwen.core.lists import register_list
        from chuangwen.core.panels import NavGroup, NavItem, register_desk, register_navigation
        from chuangwen.core.search import register_search
        from chuangwen.places.desk import bare_places
        from chuangwen.places.importers import PlaceImporter
        from chuangwen.places.lists import PLACES
        from chuangwen.places.models import Place
        from chuangwen.places.picking import register_sources
        from chuangwen.places.search import search_places

        register_search(search_places, 20)
        register_grams(2, Place, ("name", "address", "code"))
        register_sources()
        register_importer(PlaceImporter())
        register_list(PLACES)
        register_desk(bare_places)
        register_navigation(
            NavItem(
                NavGroup.FIELD, 31, _("Register of places"), "map-pin", "places:list", ("places.view",), ("city",),
                prefixes=("/places/", "/imports/places/"),
            )
        )  # fmt: skip
