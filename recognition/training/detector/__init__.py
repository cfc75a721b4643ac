"""Training and measuring the face detector: ``python -m recognition.training detector``."""
