"""QR plates: what hangs at a place, so that whoever stands there can name it."""

from __future__ import annotations

import re

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString

from chuangwen.core.qr import qr_code
from chuangwen.places.models import Place

_MOBILE = re.compile(r"(?:\+?86-?)?1[3-9]\d{9}")


def plate_url(place: Place) -> str:
    """The address that the plate's code holds; short, so that the code stays coarse and scans from afar."""
    return f"{settings.SITE_URL}{reverse('places:plate', args=[place.plate])}"


def plate_code(place: Place) -> SafeString:
    """The plate's QR code."""
    return qr_code(plate_url(place))


def public_phone(place: Place) -> str:
    """The place's telephone for strangers; "" for a mobile number, which is somebody's own."""
    return "" if _MOBILE.fullmatch(place.phone.replace(" ", "")) else place.phone
