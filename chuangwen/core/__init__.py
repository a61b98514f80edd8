"""Core: base model, scoped access, clock and working days, files by hash, HTTP and template parts, panels."""
