"""The open pages by what they show."""
