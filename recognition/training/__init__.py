"""Making the weights: ``python -m recognition.training --help``.

Training reads pictures, writes a run folder (resolved configuration, metrics, checkpoint, plots)
and nothing else; only ``export`` writes into ``weights/``.
"""
