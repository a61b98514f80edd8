"""The standard file: YAML, JSON and Excel, read with all faults and written without loss.

Owns the form of the file and its rules. Does not own what becomes of a standard once it is read.
"""

from chuangwen.standards.fileformat.faults import Fault, FaultyStandard
from chuangwen.standards.fileformat.reader import read_standard
from chuangwen.standards.fileformat.writer import FORMATS, write_standard

__all__ = ["FORMATS", "Fault", "FaultyStandard", "read_standard", "write_standard"]
