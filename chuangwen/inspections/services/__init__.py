"""What can be done in fieldwork: draws, the plan of visits, answering at a place, finishing."""
