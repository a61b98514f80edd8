"""Template tags every page may use; the settings make them built-in."""
