"""Mutation tests in one process: changes.py makes the mutants, trying.py puts each into the loaded program."""
