"""What is done to standards: publish a version, take a file in, edit the region's types."""

from chuangwen.standards.services.editing import edit_place_type, edit_problem_type, restore_problem_type
from chuangwen.standards.services.importing import publish_upload, receive_standard, ship_models
from chuangwen.standards.services.publishing import publish_standard

__all__ = [
    "edit_place_type",
    "edit_problem_type",
    "publish_standard",
    "publish_upload",
    "receive_standard",
    "restore_problem_type",
    "ship_models",
]
