"""What is typed about documents (documents), meetings (meetings), passing them on and written reports (written)."""
