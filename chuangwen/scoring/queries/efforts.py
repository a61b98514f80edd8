"""What problems of each kind take: as the office says, else as proposed."""

from __future__ import annotations

from chuangwen.scoring.efforts import Effort, proposed_effort
from chuangwen.scoring.models import EffortRate
from chuangwen.standards.models import ProblemType


def efforts_of(region_id: int) -> dict[int, Effort]:
    """Problem type -> what one of it takes: two queries."""
    own = {rate.problem_type_id: rate for rate in EffortRate.objects.filter(region=region_id)}
    kinds = ProblemType.objects.filter(region=region_id).values_list("pk", "problem_class", "within")
    found = {pk: proposed_effort(kind, within) for pk, kind, within in kinds}
    for pk, rate in own.items():
        found[pk] = Effort(rate.person_days, rate.least_days, rate.cost, proposed=False)
    return found
