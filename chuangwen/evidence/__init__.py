"""Evidence: the ledger (台账). A dossier for each criterion, unit and year, and the pieces given once for all.

Does not own who has to give a dossier (responsibilities), or what its grade counts (inspections, scoring).
"""
