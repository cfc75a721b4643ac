"""**That's wrong**: who it really is, noted with the answer, and learned where staff say so."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import discord

from catalog import Catalog
from cogs.identify import texts
from cogs.identify.answer import Reply, render
from cogs.identify.kept import outcomes_of, was_seen
from cogs.identify.learning import learn
from cogs.identify.style import style_of
from cogs.identify.wording import shortened
from cogs.shared.language import _, speaking
from cogs.shared.safe import SafeModal
from cogs.shared.services import ServedBot, Services
from cogs.shared.staff import is_staff
from recognition.types import Decision, Match
from store.errors import UnknownAnswer
from store.types import Answer

MAX_NAME = 100
_MAX_OPTIONS = 25
_SAME = 0.99
"""A name is taken for a character's where it is hers, but for case, width and accents."""
ViewMaker = Callable[[Answer, Reply], discord.ui.View]
Place = tuple[int, int | None]
"""(picture, face), both from 0; face None is the whole picture."""


class CorrectionForm(SafeModal):
    """Asks which face and who it is."""

    def __init__(self, answer: Answer, services: Services, view_of: ViewMaker) -> None:
        super().__init__(title=_(texts.WRONG_TITLE))
        self._answer = answer
        self._services = services
        self._view_of = view_of
        self._places = dict(list(_places(answer))[:_MAX_OPTIONS])
        self._which: discord.ui.Select[discord.ui.View] | None = None
        if len(self._places) > 1:
            options = [
                discord.SelectOption(
                    label=_label(answer, place, decision), value=str(index), default=index == 0
                )
                for index, (place, decision) in enumerate(self._places.items())
            ]
            self._which = discord.ui.Select(options=options)
            self.add_item(discord.ui.Label(text=_(texts.WHICH), component=self._which))
        self._who: discord.ui.TextInput[discord.ui.View] = discord.ui.TextInput(
            max_length=MAX_NAME, required=False
        )
        self.add_item(
            discord.ui.Label(text=_(texts.WHO), description=_(texts.WHO_HELP), component=self._who)
        )

    async def on_submit(self, interaction: discord.Interaction[ServedBot]) -> None:  # type: ignore[override]
        store = self._services.store
        if store is None or not self._places:
            raise UnknownAnswer(interaction.guild_id, self._answer.id)
        chosen = int(self._which.values[0]) if self._which and self._which.values else 0
        (picture, face), decision = list(self._places.items())[chosen]
        truth, catalog_id = resolve(self._who.value, self._services.catalog)
        # Asked again: minutes may have passed since the form was opened.
        staff = await is_staff(interaction, self._services)
        answer = await store.answers.correct(
            interaction.guild_id,
            self._answer.id,
            picture=picture,
            face=face,
            said=decision.character if isinstance(decision, Match) else None,
            truth=truth,
            catalog_id=catalog_id,
            actor_id=interaction.user.id,
            staff=staff,
        )
        detail = (await style_of(self._services, answer.guild_id)).detail
        mentions = discord.AllowedMentions.none()
        with speaking(answer.locale):
            reply = render(
                outcomes_of(answer),
                self._services.catalog,
                upload_limit_bytes=0,
                corrections=answer.corrections,
                detail=detail,
            )
            view = self._view_of(answer, reply)
        await interaction.response.edit_message(
            content=reply.content, embeds=reply.embeds, view=view, allowed_mentions=mentions
        )
        text = _(texts.THANKS)
        if staff:
            noted = next(
                one for one in answer.corrections if (one.picture, one.face) == (picture, face)
            )
            with self._services.work.part():
                text = await learn(
                    interaction.client, self._services, answer, noted, interaction.id
                )
        await interaction.followup.send(text, ephemeral=True, allowed_mentions=mentions)


def resolve(typed: str, catalog: Catalog) -> tuple[str | None, str | None]:
    """(name, catalog id) of what somebody typed: None twice for nothing, no id for a stranger.

    A name that several characters share stays as it was typed, and so does one that would give a
    spoiler away.
    """
    name = shortened(" ".join(typed.split()), MAX_NAME)
    if not name:
        return None, None
    hits = [hit for hit in catalog.search(name, limit=2) if hit.score >= _SAME]
    if len(hits) == 1 and not hits[0].spoiler:
        return hits[0].character.names.romaji, hits[0].character.id
    return name, None


def _places(answer: Answer) -> Iterator[tuple[Place, Decision]]:
    for number, picture in enumerate(answer.pictures):
        if not was_seen(picture):
            continue
        for face_number, face in enumerate(picture.recognition.faces):
            yield (number, face_number), face.decision
        whole = picture.recognition.whole
        if whole is not None and not picture.recognition.faces:
            yield (number, None), whole.decision


def _label(answer: Answer, place: Place, decision: Decision) -> str:
    picture, face = place
    where = texts.place(picture + 1, len(answer.pictures), None if face is None else face + 1)
    if answer.pictures[picture].spoiler:
        return where
    name = decision.name if isinstance(decision, Match) else _(texts.UNKNOWN)
    return shortened(texts.named(where, name), 100)
