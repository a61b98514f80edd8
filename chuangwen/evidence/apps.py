from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvidenceConfig(AppConfig):
    name = "chuangwen.evidence"
    label = "evidence"

    def ready(self) -> None:
        from chuangwen.accounts.matters import register_matter
        from chuangwen.accounts.roles import Role
        from chuangwen.audit.wording import register_action_words
        from chuangwen.campaigns.shifting import Shifter, register_shifter
        from chuangwen.core.gram_index import register_grams
        from chuangwen.core.lists.registry import register_list
        from chuangwen.core.panels import (
            NavGroup,
            NavItem,
            register_desk,
            register_figures,
            register_navigation,
            register_panel,
        )
        from chuangwen.core.search import register_search
        from chuangwen.evidence import agenda, asked, beside, desk, due, jobs  # noqa: F401 (most register themselves)
        from chuangwen.evidence.models import Piece
        from chuangwen.evidence.picking import register_sources
        from chuangwen.evidence.search import search_pieces
        from chuangwen.evidence.services.shifting import dossier_moves, move_dossiers
        from chuangwen.evidence.views import matter
        from chuangwen.evidence.views.dossier_list import DOSSIERS
        from chuangwen.evidence.views.piece_list import PIECES

        register_sources()
        register_navigation(
            NavItem(
                NavGroup.FIELD, 30, _("Ledger"), "folder", "evidence:dossiers", ("evidence.view",),
                phone=(Role.LIAISON, Role.ASSESSOR), waiting=desk.waiting, prefixes=("/dossiers/",),
            )
        )  # fmt: skip
        register_desk(desk.desk_lines)
        register_figures(desk.figures)
        register_panel("unit", beside.unit_dossiers)
        register_panel("task", beside.task_dossier)
        register_panel("handover", beside.post_dossiers)
        register_search(search_pieces, 25)
        register_grams(5, Piece, ("title", "document_number"))
        register_shifter(Shifter("dossiers", dossier_moves, move_dossiers))
        register_matter(
            matter.KIND, matter.show, _("Dossier"), actions=matter.ACTIONS, files=matter.files, page_url=matter.page_url
        )
        register_list(DOSSIERS)
        register_list(PIECES)
        register_action_words(
            {
                "evidence.dossier.open": _("Dossiers opened"),
                "evidence.dossier.give": _("Piece given"),
                "evidence.dossier.unlink": _("Piece taken out"),
                "evidence.dossier.passage": _("Passage named"),
                "evidence.dossier.remind": _("Reminded"),
                "evidence.dossier.postpone": _("Day moved"),
                "evidence.dossier.renew": _("Went on under the new version"),
                "evidence.dossier.shift": _("Days moved with the assessment"),
                "evidence.dossier.package": _("Dossiers packed"),
                "evidence.piece.edit": _("Piece corrected"),
                "evidence.piece.drop": _("Piece given up"),
            }
        )
