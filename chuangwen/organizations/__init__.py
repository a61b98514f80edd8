"""Organizations: units as a dated tree, posts and their holders, groups, grids, contracted areas, role grants.

Does not own sign-in (accounts) or what units must do (responsibilities).
"""
