"""The parts of scripts/bench.py: a city of the target size, the load on its pages, the report."""
