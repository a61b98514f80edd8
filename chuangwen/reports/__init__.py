"""Bulletins and weekly figures (通报、周报、台账): drawn from the ledger, frozen, drafted, approved by another
person, issued with a number, received by units; as Word in official layout and as PDF.

It owns the papers, the frozen figures behind them, the templates and fonts of a site. It computes no score and
changes nothing of what it reports on: figures come from the areas below, each with the rows behind it.
"""
