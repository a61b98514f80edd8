from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganizationsConfig(AppConfig):
    name = "chuangwen.organizations"
    label = "organizations"

    def ready(self) -> None:
        from chuangwen.core.access import register_mark_provider, register_role_provider, register_scope_provider
        from chuangwen.core.gram_index import register_grams
        from chuangwen.core.imports.importer import register_importer
        from chuangwen.core.lists.response import register_list
        from chuangwen.core.panels import NavGroup, NavItem, register_desk, register_navigation, register_panel
        from chuangwen.core.search import register_search
        from chuangwen.core.workbook_templates.registry import register_unit_words
        from chuangwen.notifications.addressees import register_directory
        from chuangwen.organizations import lists
        from chuangwen.organizations.addressees import OrganizationDirectory
        from chuangwen.organizations.beside import post_ground
        from chuangwen.organizations.glance import posts_missing
        from chuangwen.organizations.handover_views import HANDOVERS
        from chuangwen.organizations.importers import LiaisonImporter, UnitImporter
        from chuangwen.organizations.models import Unit
        from chuangwen.organizations.picking import register_sources
        from chuangwen.organizations.scopes import access_mark_of_user, roles_of_user, scope_of_user, unit_words
        from chuangwen.organizations.search import search_units

        register_search(search_units, 30)
        register_grams(11, Unit, ("name", "short_name"))
        register_sources()
        register_scope_provider(scope_of_user)
        register_role_provider(roles_of_user)
        register_mark_provider(access_mark_of_user)
        register_unit_words(unit_words)
        register_directory(OrganizationDirectory())
        for page in (lists.UnitList(), lists.GroupList(), lists.GridList(), lists.AreaList(), HANDOVERS):
            register_list(page)
        register_importer(UnitImporter())
        register_importer(LiaisonImporter())
        register_desk(posts_missing)
        register_panel("handover", post_ground)
        register_navigation(
            NavItem(
                NavGroup.SITE, 60, _("Units and posts"), "building-community", "organizations:units",
                ("organizations.view",),
                prefixes=("/units/", "/imports/units/", "/imports/liaisons/"),
            )
        )  # fmt: skip
