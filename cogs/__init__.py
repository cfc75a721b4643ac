"""Discord and nothing else: check, acknowledge, call one service, render.

A package is a feature (an extension for discord.py) and holds one ``setup``; ``shared`` is no
feature. No cog imports another one, and none imports torch, cv2, numpy or a database.
"""

EXTENSIONS = (
    "cogs.errors",
    "cogs.health",
    "cogs.keeping",
    "cogs.stale",
    "cogs.identify",
    "cogs.characters",
    "cogs.teach",
    "cogs.settings",
    "cogs.privacy",
    "cogs.about",
    "cogs.quiz",
)
"""Everything the bot loads at start, in this order."""
