#!/usr/bin/env python3
"""What GIMP starts: installed as `inkwash-gimp.py`, which lies beside the folder `inkwash`."""

from inkwash.gimp.plugin import main

main()
