from django.apps import AppConfig


class HonorsConfig(AppConfig):
    name = "chuangwen.honors"
    label = "honors"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from chuangwen.accounts.roles import Role
        from chuangwen.audit.wording import register_action_words
        from chuangwen.core.gram_index import register_grams
        from chuangwen.core.imports import register_importer
        from chuangwen.core.lists import register_list
        from chuangwen.core.panels import NavGroup, NavItem, register_desk, register_navigation, register_panel
        from chuangwen.core.search import register_search
        from chuangwen.honors.action_words import ACTION_WORDS
        from chuangwen.honors.beside import unit_titles
        from chuangwen.honors.desk import desk
        from chuangwen.honors.family_importer import FamilyImporter
        from chuangwen.honors.importers import TitleImporter
        from chuangwen.honors.models import Application, Award, Family, Programme
        from chuangwen.honors.search import search_applications, search_programmes, search_titles
        from chuangwen.honors.views import family_lists, lists
        from chuangwen.honors.views.yearly import YEARLY

        for page in (lists.PROGRAMMES, lists.APPLICATIONS, lists.OBJECTIONS, lists.TITLES, lists.CONTESTS, YEARLY):
            register_list(page)
        register_list(family_lists.FAMILIES)
        register_list(family_lists.HOUSEHOLDS)
        register_action_words(ACTION_WORDS)
        register_importer(TitleImporter())
        register_importer(FamilyImporter())
        register_grams(13, Award, ("plaque", "document"))
        register_grams(14, Application, ("number",))
        register_grams(15, Programme, ("name", "authority"))
        register_grams(16, Family, ("name",))
        register_search(search_titles, 40)
        register_search(search_applications, 41)
        register_search(search_programmes, 42)
        register_desk(desk)
        register_panel("unit", unit_titles)
        register_navigation(
            NavItem(
                NavGroup.RESULTS, 52, _("Applications for titles"), "award", "honors:programmes", ("honors.view",),
                phone=(Role.ASSESSOR,), prefixes=("/programmes/", "/applications/", "/objections/"),
            ),
            NavItem(
                NavGroup.RESULTS, 53, _("Titles and plaques"), "star", "honors:titles", ("honors.view",),
                prefixes=("/titles/", "/contests/", "/families/", "/imports/titles/", "/imports/families/"),
            ),
        )  # fmt: skip
