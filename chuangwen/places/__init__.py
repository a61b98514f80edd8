"""Places: the register of places: types, territory, keeper, coordinates, hours, dated states.

Does not own what is checked at a place (standards) or seen there (inspections).
"""
