"""Notifications: inbox, daily digest, outgoing channels.

Does not own what is worth a notice: the areas say so.
"""
