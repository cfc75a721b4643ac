"""Finding faces: one protocol, several detectors."""
