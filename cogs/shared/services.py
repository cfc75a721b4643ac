"""What a cog may use. ``bot.py`` builds it; cogs only read it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from discord.ext import commands

from catalog import Catalog
from catalog.anilist import AniList
from cogs.shared.clock import Clock, WallClock
from cogs.shared.download import Downloader
from cogs.shared.facts import Facts
from cogs.shared.line import Line
from cogs.shared.server_language import ServerLanguages
from cogs.shared.timings import Timings
from cogs.shared.work import Work
from recognition.recognizer import Recognizer

if TYPE_CHECKING:
    from quizzing.pool import Pool
    from quizzing.studio import Studio
    from quizzing.watch import Watch
    from store.opening import Store
    from teaching.servers import ServerGalleries
    from teaching.teacher import Teacher


@dataclass(frozen=True, slots=True)
class Services:
    """Everything the cogs work with.

    ``cooldown_s`` is how long one member waits between two requests; ``work`` counts the requests
    under way, so that a stopping bot can finish them; ``alive_file`` is touched while the bot is
    connected, for whoever watches over the process; ``store`` None: nothing is remembered, and
    what needs it is not offered; ``galleries`` are whom servers know, ``teacher`` learns for them;
    ``anilist`` None: cards are our own only. ``progress_after_s``: from then on slow work says how
    far it is. ``watch`` looks out for pictures that a quiz asks, ``studio`` makes questions of
    pictures, ``pool`` keeps those of servers. ``facts`` and ``timings`` are what ``/about`` tells;
    ``line`` is where requests wait for their turn; ``clock`` is the quiz's; ``languages`` are those
    that servers chose.
    """

    recognizer: Recognizer
    catalog: Catalog
    downloader: Downloader
    cooldown_s: float = 3.0
    alive_file: Path | None = None
    work: Work = field(default_factory=Work)
    store: Store | None = None
    galleries: ServerGalleries | None = None
    teacher: Teacher | None = None
    anilist: AniList | None = None
    progress_after_s: float = 2.5
    watch: Watch | None = None
    studio: Studio | None = None
    pool: Pool | None = None
    facts: Facts = field(default_factory=Facts)
    timings: Timings = field(default_factory=Timings)
    line: Line = field(default_factory=Line)
    clock: Clock = field(default_factory=WallClock)
    languages: ServerLanguages = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "languages", ServerLanguages(self.store))


class ServedBot(commands.AutoShardedBot):
    """The bot as cogs know it. `bot.AniWhoisBot` is the one that runs."""

    services: Services
