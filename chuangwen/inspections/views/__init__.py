"""The screens of fieldwork: rounds and their visits, draws, and the phone in the field."""
