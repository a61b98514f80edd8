from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResponsibilitiesConfig(AppConfig):
    name = "chuangwen.responsibilities"
    label = "responsibilities"

    def ready(self) -> None:
        from chuangwen.accounts.matters import register_matter
        from chuangwen.accounts.roles import Role
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
        from chuangwen.responsibilities import agenda, asked, beside, desk, due, head_acts, jobs, level_facts  # noqa: F401
        from chuangwen.responsibilities import own_dates as _own_dates  # noqa: F401 (registers itself)
        from chuangwen.responsibilities.models import Task
        from chuangwen.responsibilities.search import search_instructions, search_tasks
        from chuangwen.responsibilities.services.shifting import move_tasks, task_moves
        from chuangwen.responsibilities.views import matter
        from chuangwen.responsibilities.views.duty_list import DUTIES, RULES
        from chuangwen.responsibilities.views.instruction_list import INSTRUCTIONS
        from chuangwen.responsibilities.views.task_list import TASKS

        register_search(search_tasks, 15)
        register_search(search_instructions, 16)
        register_grams(3, Task, ("title",))
        register_shifter(Shifter("tasks", task_moves, move_tasks))
        view = ("responsibilities.view",)
        register_navigation(
            NavItem(
                NavGroup.STANDARDS, 22, _("Breakdown"), "table", "responsibilities:breakdown", view, waiting=desk.gaps,
                prefixes=("/breakdown/", "/imports/breakdown/"),
            ),
            NavItem(
                NavGroup.DUTIES, 25, _("Tasks"), "checkbox", "responsibilities:tasks", view,
                phone=(Role.OFFICE, Role.LIAISON), phone_order=-1, waiting=desk.waiting,
                prefixes=("/tasks/", "/milestones/", "/imports/task-table/"),
            ),
            NavItem(
                NavGroup.DUTIES, 26, _("Recurring duties"), "repeat", "responsibilities:duties", view,
                prefixes=("/duties/", "/rules/", "/duty-templates/", "/duty-checks/", "/imports/duty-templates/"),
            ),
            NavItem(
                NavGroup.DUTIES, 24, _("Instructions"), "signature", "responsibilities:instructions",
                ("responsibilities.instruct", "audit.view"), phone=(Role.LEADER, Role.AUDITOR),
                waiting=desk.instructions_waiting,
            ),
        )  # fmt: skip
        register_desk(desk.desk_lines)
        register_figures(desk.figures)
        register_panel("desk", desk.burden)
        register_panel("unit", beside.unit_tasks)
        for page in (TASKS, DUTIES, RULES, INSTRUCTIONS):
            register_list(page)
        register_matter(matter.KIND, matter.show, _("Task"), actions=matter.ACTIONS, page_url=matter.page_url)
        self._register_depth()
        self._register_reports()

    def _register_depth(self) -> None:
        """What lies below the unit: roads by sections, shop fronts, and whether everything has somebody."""
        from chuangwen.core.imports import register_importer
        from chuangwen.core.lists.registry import register_list
        from chuangwen.core.panels import NavGroup, NavItem, register_desk, register_navigation, register_panel
        from chuangwen.responsibilities import beside, claiming
        from chuangwen.responsibilities.picking import register_sources
        from chuangwen.responsibilities.road_importers import FrontImporter, SectionImporter
        from chuangwen.responsibilities.views.claim_lists import CLAIMS, OBJECTIONS
        from chuangwen.responsibilities.views.milestones import MILESTONES
        from chuangwen.responsibilities.views.parts import DEPTH, OWN_DEPTH
        from chuangwen.responsibilities.views.plan_chart import PLANS
        from chuangwen.responsibilities.views.road_lists import FRONTS, ROADS, SECTIONS

        register_navigation(
            NavItem(
                NavGroup.STANDARDS, 23, _("Coverage"), "target", "responsibilities:coverage",
                ("responsibilities.view",), ("city",),
                prefixes=("/coverage/", "/breakdown/depth/", "/roads/", "/road-sections/", "/shop-fronts/",
                          "/imports/sections/", "/imports/fronts/"),
            )
        )  # fmt: skip
        for page in (MILESTONES, PLANS, ROADS, SECTIONS, FRONTS, DEPTH, OWN_DEPTH, CLAIMS, OBJECTIONS):
            register_list(page)
        register_importer(SectionImporter())
        register_importer(FrontImporter())
        register_sources()
        register_panel("place", beside.road_sections)
        register_panel("place", beside.place_parts)
        register_panel("task", beside.task_chain)
        register_panel("handover", beside.post_tasks)
        register_panel("area", beside.area_tasks)
        register_panel("group", beside.group_tasks)
        register_desk(claiming.desk_lines)

    def _register_reports(self) -> None:
        """What units report each week, how they are judged from level to level, and tables in authorities' forms."""
        from chuangwen.core.imports import register_importer
        from chuangwen.core.lists.registry import register_list
        from chuangwen.core.panels import NavGroup, NavItem, register_navigation, register_panel
        from chuangwen.core.workbook_templates.registry import register_own_table
        from chuangwen.responsibilities import beside
        from chuangwen.responsibilities.house_rule_importer import HouseRuleImporter
        from chuangwen.responsibilities.importers import BreakdownImporter
        from chuangwen.responsibilities.own_workbooks import MATRIX, SHEET
        from chuangwen.responsibilities.task_importers import TaskImporter
        from chuangwen.responsibilities.template_importer import TemplateImporter
        from chuangwen.responsibilities.views.burden import BURDENS, REPEATS
        from chuangwen.responsibilities.views.duty_templates import TEMPLATES
        from chuangwen.responsibilities.views.house_rule_list import HOUSE_RULES
        from chuangwen.responsibilities.views.weekly import WEEKS

        register_own_table(MATRIX)
        register_own_table(SHEET)
        for page in (WEEKS, BURDENS, REPEATS, HOUSE_RULES, TEMPLATES):
            register_list(page)
        view = ("responsibilities.view",)
        register_importer(BreakdownImporter())
        register_importer(TaskImporter())
        register_importer(HouseRuleImporter())
        register_importer(TemplateImporter())
        register_panel("unit", beside.unit_in_person)
        register_panel("unit", beside.unit_house_rules)
        register_navigation(
            NavItem(
                NavGroup.DUTIES, 27, _("Led in person"), "user-check", "responsibilities:in_person", view,
                prefixes=("/in-person/",),
            ),
            NavItem(
                NavGroup.DUTIES, 28, _("House rules"), "book", "responsibilities:house_rules", view,
                prefixes=("/house-rules/", "/imports/house-rules/"),
            ),
            NavItem(
                NavGroup.RESULTS, 54, _("Weekly reports"), "notes", "responsibilities:weeks", view,
                prefixes=("/weekly/",),
            ),
            NavItem(
                NavGroup.RESULTS, 55, _("Assessment level by level"), "sitemap", "responsibilities:levels", view,
                prefixes=("/levels/",),
            ),
        )  # fmt: skip
