"""What can be done in fieldwork: rounds, draws and substitutes, the plan of visits, answering and
photographing at a place, finishing."""
