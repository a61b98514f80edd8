"""Pages of the inbox, the digest and the rules by which people are reminded."""
