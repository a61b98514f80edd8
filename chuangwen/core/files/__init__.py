"""Files: taken by content, kept once by hash, given out by rights."""
