"""Training an OpenCV cascade of multi-block LBP features; see docs/cascade.md."""
