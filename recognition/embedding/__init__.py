"""Turning a crop into a unit vector: networks, preprocessing and the runtimes that execute them."""
