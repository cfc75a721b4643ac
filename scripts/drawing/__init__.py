"""Anime-style people as SVG, built from parameters. Used by ``scripts/draw_samples.py`` only.

A person is drawn in head units: the origin lies between the eyes, x grows to the right of the
picture, y downwards, the face is about 190 wide and the chin lies at y = 128.
"""
