"""Pages of accounts: the way in, one's own account, people, bound devices and one-matter links."""
