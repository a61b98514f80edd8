"""What is typed: documents, letters, meetings before they are held, minutes (roll to signature), written reports."""
