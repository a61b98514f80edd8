"""Pages of supervision: notices, papers, the ladder's rules, veto events."""
