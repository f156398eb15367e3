"""Inkwash inside GIMP 3: one procedure per filter, made from the daemon's declarations.

Inside GIMP's plug-ins folder lie `inkwash-gimp/inkwash-gimp.py` (a copy of `launcher.py`, executable), beside it
`inkwash/{protocol,client,gimp,msgpack}` and `manifest.json`.
"""
