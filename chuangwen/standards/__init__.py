"""Standards (测评体系): versioned trees of what is assessed, and the checks that feed them.

Owns the standard file (read, check, write, compare), published versions, place types,
checks, problem types and evidence slots. Does not own who answers for a criterion
(responsibilities), what was seen (inspections) or what it scores (scoring).
"""
