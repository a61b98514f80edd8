"""Reading: a file of any common kind becomes a Document whose text every later offset points into.

Owns the choice of format by content, the limits, and the refusal of what cannot or must not be read.
Does not clean, cut or interpret: `Document.text` is what the file says, junk included.
"""

from __future__ import annotations

from chuangwen.directives.reading.dispatch import read_document
from chuangwen.directives.reading.document import Document, Format, Progress, UnreadableDocument
from chuangwen.directives.reading.recognition import NeedsRecognition

__all__ = ["Document", "Format", "NeedsRecognition", "Progress", "UnreadableDocument", "read_document"]
