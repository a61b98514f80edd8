"""Open pages without an account: public notices and objections, the register of titles, released bulletins, draws.

It owns whether a region's pages are open, whom they name to turn to, and the slips by which an objector looks the
answer up. It decides nothing: what is on notice, awarded or released is said by honors and reports, and a draw's
record by inspections. What is not public answers 404 to everybody alike.
"""
