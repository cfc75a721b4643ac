"""A picture on its way into a quiz: who is in it, who is meant, and whether it really shall go in.

All of it is between the bot and whoever offers the picture. Who may is checked at every press.
"""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import discord

from cogs.quiz import texts_pictures
from cogs.quiz.refusals import CannotTake
from cogs.shared.picture_link import PictureLink
from cogs.shared.refusals import NotHere
from cogs.shared.safe import NOBODY, SafeView, ServedInteraction, run
from cogs.shared.services import Services
from cogs.shared.wording import shortened
from store.names import key_of
from store.types import Subject
from teaching.lessons import tidied
from teaching.people import meant

if TYPE_CHECKING:
    from quizzing.studio import Portrait, Sitter, Studio
    from store.opening import Store

_MOST_NAMED = 5


@dataclass(eq=False)
class Offer:
    """A picture that somebody offers. ``character_id`` and ``subject`` are who it will be."""

    guild_id: int
    actor_id: int
    portrait: Portrait
    adult: bool
    spoiler: bool
    character_id: str = ""
    subject: Subject | None = None
    sitter: int | None = None


class Purpose(Protocol):
    """What becomes of an offer."""

    async def require(self, interaction: ServedInteraction) -> None:
        """Raises what keeps a member from offering."""
        ...

    def question(self, offer: Offer) -> str:
        """What is asked before it is done."""
        ...

    @property
    def label(self) -> str:
        """What the button says that does it."""
        ...

    async def act(self, interaction: ServedInteraction, offer: Offer) -> str:
        """Does it; returns what to tell."""
        ...


class Offering:
    """Leads from a picture to a `Purpose`.

    Args:
        services: downloader, catalog.
        store: whom the server has taught.
        studio: looks at pictures.
    """

    def __init__(self, services: Services, store: Store, studio: Studio, purpose: Purpose) -> None:
        self._services = services
        self._store = store
        self._studio = studio
        self._purpose = purpose

    async def begin(
        self,
        interaction: ServedInteraction,
        link: PictureLink,
        *,
        typed: str = "",
        adult: bool = False,
        spoiler: bool = False,
    ) -> None:
        """Acknowledges, looks, and asks what has to be asked.

        Raises:
            Refusal, StoreError, RecognitionError: nothing was done.
        """
        guild_id = interaction.guild_id
        if guild_id is None or not interaction.is_guild_integration():
            raise NotHere
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._purpose.require(interaction)
        named = await self._named(guild_id, typed) if typed else None
        async with self._services.line.turn(self._services.work, slow=link.outside):
            picture = await self._services.downloader.fetch(link)
            portrait = await self._studio.portray(guild_id, picture)
        offer = Offer(guild_id, interaction.user.id, portrait, adult, spoiler or link.spoiler)
        if named is not None:
            offer.character_id, offer.subject = named
        offer.sitter = _only_one(portrait.sitters, offer.character_id)
        if offer.sitter is None:
            await self._ask_who(interaction, offer)
        else:
            await self._confirm(interaction, offer)

    async def _named(self, guild_id: int, typed: str) -> tuple[str, Subject]:
        """Raises CannotTake: several are meant."""
        taught = await self._store.gallery.characters(guild_id)
        found = meant(self._services.catalog, taught, typed)
        if isinstance(found, tuple):
            if found:
                names = [one.subject.name for one in found[:_MOST_NAMED]]
                raise CannotTake(texts_pictures.several(names))
            found = tidied(Subject(typed))
        return _id_of(found, {one.name: one.gallery_id for one in taught}), found

    async def _ask_who(self, interaction: ServedInteraction, offer: Offer) -> None:
        sitters = offer.portrait.sitters
        names = [one.match.name if one.match else None for one in sitters]
        marked = offer.portrait.marked
        assert marked is not None  # several are always marked
        text = texts_pictures.who_is_meant(names)
        file = discord.File(
            io.BytesIO(marked.data), f"quiz.{marked.suffix}", description=text[:1024]
        )
        view = SitterChoice(offer.actor_id, names, lambda i, number: self._chose(i, offer, number))
        await _show(interaction, text, view, file)

    async def _chose(self, interaction: ServedInteraction, offer: Offer, index: int) -> None:
        await interaction.response.defer()
        offer.sitter = index
        await self._confirm(interaction, offer)

    async def _confirm(self, interaction: ServedInteraction, offer: Offer) -> None:
        assert offer.sitter is not None
        if offer.subject is None:
            match = offer.portrait.sitters[offer.sitter].match
            if match is None:
                await _show(interaction, texts_pictures.unknown())
                return
            offer.character_id = match.character
            offer.subject = self._subject(match.character, match.name)
        view = Confirmation(
            offer.actor_id, self._purpose.label, lambda i: self._act(i, offer), _leave
        )
        await _show(interaction, self._purpose.question(offer), view)

    async def _act(self, interaction: ServedInteraction, offer: Offer) -> None:
        await interaction.response.defer()
        await self._purpose.require(interaction)  # minutes may have passed since the first time
        await _show(interaction, await self._purpose.act(interaction, offer))

    def _subject(self, character_id: str, name: str) -> Subject:
        character = self._services.catalog.get(character_id)
        if character is None:
            return Subject(name, "")
        return Subject(character.names.romaji, character.series.title, character.id)


class SitterChoice(SafeView):
    """Who of a picture's people is meant, by number."""

    def __init__(
        self,
        owner_id: int,
        names: list[str | None],
        then: Callable[[ServedInteraction, int], Awaitable[None]],
    ) -> None:
        super().__init__(owner_id)
        self._then = then
        options = [
            discord.SelectOption(
                label=shortened(texts_pictures.person(number, name), 100), value=str(number)
            )
            for number, name in enumerate(names, 1)
        ]
        self._menu: discord.ui.Select[Any] = discord.ui.Select(
            placeholder=texts_pictures.choose(), options=options
        )
        self._menu.callback = self._chosen  # type: ignore[assignment]
        self.add_item(self._menu)

    async def _chosen(self, interaction: ServedInteraction) -> None:
        self.stop()
        index = int(self._menu.values[0]) - 1
        await run(interaction, lambda one: self._then(one, index))


class Confirmation(SafeView):
    """Yes or no."""

    def __init__(
        self,
        owner_id: int,
        label: str,
        yes: Callable[[ServedInteraction], Awaitable[None]],
        no: Callable[[ServedInteraction], Awaitable[None]],
    ) -> None:
        super().__init__(owner_id)
        for text, style, act in (
            (label, discord.ButtonStyle.success, yes),
            (texts_pictures.leave_it(), discord.ButtonStyle.secondary, no),
        ):
            button: discord.ui.Button[Any] = discord.ui.Button(label=text, style=style)
            button.callback = self._does(act)  # type: ignore[assignment]
            self.add_item(button)

    def _does(
        self, act: Callable[[ServedInteraction], Awaitable[None]]
    ) -> Callable[[ServedInteraction], Awaitable[None]]:
        async def pressed(interaction: ServedInteraction) -> None:
            self.stop()
            await run(interaction, act)

        return pressed


def _only_one(sitters: tuple[Sitter, ...], character_id: str) -> int | None:
    """The index of the one who must be meant; None where somebody has to say it."""
    if len(sitters) == 1:
        return 0
    same = [i for i, one in enumerate(sitters) if one.match and one.match.character == character_id]
    return same[0] if len(same) == 1 else None


def _id_of(subject: Subject, taught: dict[str, str]) -> str:
    """The id in the server's gallery; of somebody new, one that nothing else has."""
    return (
        subject.catalog_id or taught.get(subject.name) or f"quiz:{key_of(subject.name, None)}"[:100]
    )


async def _leave(interaction: ServedInteraction) -> None:
    await interaction.response.defer()
    await _show(interaction, texts_pictures.left())


async def _show(
    interaction: ServedInteraction,
    text: str,
    view: SafeView | None = None,
    file: discord.File | None = None,
) -> None:
    await interaction.edit_original_response(
        content=text[:2000],
        view=view,
        attachments=[] if file is None else [file],
        allowed_mentions=NOBODY,
    )
