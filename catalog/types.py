"""The shapes of the catalog: frozen, hashable, safe to share between threads."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Alias:
    """Another name people use. A ``spoiler`` can be searched for, and is shown only hidden."""

    name: str
    spoiler: bool = False


@dataclass(frozen=True, slots=True)
class Names:
    """Everything one character is called.

    ``romaji`` has the family name first where Japanese and Chinese names have it,
    ``romaji_western`` the given name; for a single or an already Western name they are equal.
    ``native`` is the original script, ``kana`` its reading where it is written in kanji.
    """

    romaji: str
    romaji_western: str
    native: str | None = None
    kana: str | None = None
    aliases: tuple[Alias, ...] = ()

    @property
    def safe_aliases(self) -> tuple[str, ...]:
        """The aliases that give nothing away."""
        return tuple(alias.name for alias in self.aliases if not alias.spoiler)


@dataclass(frozen=True, slots=True)
class Series:
    """Where a character comes from. ``year`` is the first release of the original work.

    ``title`` is what most people say, ``english`` the official English title where there is one.
    """

    title: str
    english: str | None
    romaji: str
    native: str | None
    year: int
    franchise: str


@dataclass(frozen=True, slots=True)
class Birthday:
    """A day of the year, 1-based; stories rarely name the year."""

    month: int
    day: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What we are sure of; None everywhere else. ``age`` is in years, when the story begins."""

    age: int | None = None
    birthday: Birthday | None = None
    hair: str | None = None
    eyes: str | None = None


@dataclass(frozen=True, slots=True)
class Character:
    """One character. ``id`` is also the name of its class in the recogniser's gallery.

    ``description`` has at most 300 characters; ``clues`` are what the character says of itself in a
    quiz, without any of its names, harder ones first; ``anilist_id`` is None where we are not
    certain of it; ``old_app`` marks the eight characters of the web app this bot grew out of.
    """

    id: str
    names: Names
    series: Series
    role: str
    facts: Facts
    description: str
    anilist_id: int | None = None
    clues: tuple[str, ...] = ()
    old_app: bool = False


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One answer of a search.

    ``score`` is 0 to 1, 1 for an exact name. ``matched`` is the name or title that fitted best, as
    it is written in the catalog; do not show it in the open when ``spoiler`` is true.
    """

    character: Character
    score: float
    matched: str
    spoiler: bool


@dataclass(frozen=True, slots=True)
class Appearance:
    """A series in which AniList lists a character. ``leading``: as a main character."""

    title: str
    english: str | None
    native: str | None
    year: int | None
    leading: bool


@dataclass(frozen=True, slots=True)
class Profile:
    """What AniList knows about a character; series for adults are left out.

    ``description`` is in AniList's own markup, see ``catalog.anilist.markup``; ``age`` is free
    text; ``image_url`` is an https address of AniList's; the most popular of the ``appearances``
    comes first.
    """

    id: int
    name: str
    native: str | None
    aliases: tuple[Alias, ...]
    description: str
    image_url: str | None
    age: str | None
    birthday: Birthday | None
    gender: str | None
    appearances: tuple[Appearance, ...]

    @property
    def url(self) -> str:
        """The character's page."""
        return f"https://anilist.co/character/{self.id}"
