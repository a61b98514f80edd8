"""Reads a run from the total down to the photo (results), who lost what (losses); which run is the newest (runs)."""
