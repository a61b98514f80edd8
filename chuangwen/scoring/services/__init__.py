"""What can be done about a score: compute and freeze it, and compute it again (runs)."""

from chuangwen.scoring.services.runs import run_scoring, verify_run

__all__ = ["run_scoring", "verify_run"]
