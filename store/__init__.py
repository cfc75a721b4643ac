"""What must survive a restart: settings, taught characters, answers, the catalog's cache.

``store.opening.open_store`` is the way in and gives a `store.opening.Store` with one repository a
need. ``store.types`` and ``store.errors`` hold what crosses rooms; importing them, or this package,
does not import SQLAlchemy. ``python -m store`` is the operator's command line. docs/store.md tells
what is kept about whom, and for how long.
"""
