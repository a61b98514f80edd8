"""The demo: a fictional county-level city with a believable year behind it.

Everything is made through the services that the screens call, at the true times of a told
year (clock.at), with one fixed seed: the same at every run. The words are in content/.
"""
