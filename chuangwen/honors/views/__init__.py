"""Pages of titles."""
