"""The numbers that an office sets, with the default where it has set none."""

from __future__ import annotations

from chuangwen.core.models import Region
from chuangwen.honors.customs import SETTINGS
from chuangwen.honors.models import HonorSetting, LadderStep


def setting(region: Region, key: str) -> int:
    """The region's value, else what it begins with. KeyError for an unknown key."""
    default, _source = SETTINGS[key]
    row = HonorSetting.objects.filter(region=region, key=key).first()
    return row.value if row else default


def has_defaults(region: Region) -> bool:
    """Whether the ladder and the default conditions are there."""
    return LadderStep.objects.filter(region=region).exists()
