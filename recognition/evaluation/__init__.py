"""Measuring what is shipped on pictures it has never seen: ``python -m recognition evaluate``.

Everything goes through the serving runtime, the shipped gallery and the shipped rules, as an answer
to a member does. Nothing here imports ``recognition.training``.
"""
