"""The pages of problems: the ledger, one problem, its steps, its sheets, registering, the routing rules."""
