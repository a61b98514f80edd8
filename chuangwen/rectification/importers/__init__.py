"""What the area takes in from the office's own workbooks: routing rules, and problems of a ledger."""

from chuangwen.rectification.importers.problems import ProblemImporter
from chuangwen.rectification.importers.routing import RoutingRuleImporter

__all__ = ["ProblemImporter", "RoutingRuleImporter"]
