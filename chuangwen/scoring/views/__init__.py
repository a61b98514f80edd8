"""Pages of scoring: runs, their result, what a unit lost."""
