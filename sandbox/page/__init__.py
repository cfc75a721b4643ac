"""The chat page: static files, a small JSON API over the people's methods, and live events."""

from sandbox.page.api import Page

__all__ = ["Page"]
