"""Entries in, current values out. Imports nothing of the other rooms."""
