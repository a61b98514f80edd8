"""Chuangwen (创文): an open platform for civility campaigns, from a standard and a speech to a score."""

__version__ = "0.1.0"
