"""One lesson, from the pictures to "learned": who it is, which faces, and staff or not."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import discord

from cogs.errors import sentence_for
from cogs.shared import texts as shared_texts
from cogs.shared.approval import approval_channel, ask_staff
from cogs.shared.language import _
from cogs.shared.picture_link import PictureLink
from cogs.shared.refusals import AlreadyAsking, FileTooLarge, NotHere, Refusal
from cogs.shared.safe import NOBODY, SafeView, ServedInteraction
from cogs.shared.services import Services
from cogs.shared.staff import is_staff
from cogs.shared.who import WhoChoice
from cogs.teach import texts
from cogs.teach.choices import FaceChoice, KeepChoice
from cogs.teach.report import told
from recognition.errors import PictureError
from store.types import Subject
from teaching.lessons import MOST_PICTURES, FoundFace, Looked, tidied
from teaching.people import meant

if TYPE_CHECKING:
    from store.opening import Store
    from teaching.teacher import Teacher

log = logging.getLogger(__name__)
MOST_BYTES = 64 * 1024 * 1024
"""Of all pictures of a lesson: so much of it is in memory at once."""


@dataclass(eq=False)
class Draft:
    """A lesson on its way. ``chosen``: the face of each picture, None: none of its faces."""

    guild_id: int
    actor_id: int
    request_id: int
    subject: Subject
    looked: tuple[Looked, ...] = ()
    problems: dict[int, str] = field(default_factory=dict)
    chosen: dict[int, FoundFace | None] = field(default_factory=dict)

    def undecided(self) -> Looked | None:
        """The next picture of which somebody has to say who is meant."""
        return next(
            (one for one in self.looked if one.faces and one.index not in self.chosen), None
        )

    @property
    def faces(self) -> dict[int, FoundFace]:
        """What is to be learned."""
        return {index: one for index, one in self.chosen.items() if one is not None}


class Lessons:
    """Leads through lessons. Everything is answered to the one who teaches, privately."""

    def __init__(self, services: Services, store: Store, teacher: Teacher) -> None:
        self._services = services
        self._store = store
        self._teacher = teacher
        self._busy: set[int] = set()

    async def begin(
        self,
        interaction: ServedInteraction,
        typed: str,
        series: str,
        links: Sequence[PictureLink],
    ) -> None:
        """Acknowledges, looks at the pictures, and goes on as far as nobody has to be asked.

        Raises:
            Refusal, StoreError, RecognitionError: nothing was learned.
        """
        guild_id = interaction.guild_id
        if guild_id is None or interaction.guild is None:
            raise NotHere
        links = links[:MOST_PICTURES]
        total = sum(one.declared_bytes or 0 for one in links)
        if total > MOST_BYTES:
            raise FileTooLarge(limit=MOST_BYTES, actual=total)
        if interaction.user.id in self._busy:
            raise AlreadyAsking
        self._busy.add(interaction.user.id)
        try:
            await interaction.response.defer(ephemeral=True, thinking=True)
            await self.require(interaction)  # before anybody works for nothing
            taught = await self._store.gallery.characters(guild_id)
            found = meant(self._services.catalog, taught, typed)
            subject = found if isinstance(found, Subject) else tidied(Subject(typed, series))
            draft = Draft(guild_id, interaction.user.id, interaction.id, subject)
            async with self._services.line.turn(self._services.work, slow=True):
                await self._look(draft, links)
        finally:
            self._busy.discard(interaction.user.id)
        if isinstance(found, tuple) and found:
            view = WhoChoice(draft.actor_id, found, subject, lambda i, s: self._named(i, draft, s))
            await _show(interaction, shared_texts.did_you_mean(typed), view)
            return
        await self.go_on(interaction, draft)

    async def require(self, interaction: ServedInteraction) -> None:
        """Raises NoApprovalChannel where whoever asks may neither teach nor suggest."""
        if not await is_staff(interaction, self._services):
            await approval_channel(interaction, self._store)

    async def go_on(self, interaction: ServedInteraction, draft: Draft) -> None:
        """Asks for the next face, or finishes."""
        looked = draft.undecided()
        if looked is None:
            await self._finish(interaction, draft)
            return
        if len(looked.faces) == 1:
            draft.chosen[looked.index] = looked.faces[0]
            await self.go_on(interaction, draft)
            return
        number = looked.index + 1
        assert looked.marked is not None  # several faces are always marked
        file = discord.File(
            io.BytesIO(looked.marked.data),
            filename=f"teach-{number}.{looked.marked.suffix}",
            description=texts.choose_face(number, draft.subject.name)[:1024],
        )
        view = FaceChoice(
            draft.actor_id, len(looked.faces), lambda i, n: self._chose(i, draft, looked, n)
        )
        await _show(interaction, texts.choose_face(number, draft.subject.name), view, [file])

    async def _named(self, interaction: ServedInteraction, draft: Draft, subject: Subject) -> None:
        await interaction.response.defer()
        draft.subject = subject
        await self.go_on(interaction, draft)

    async def _chose(
        self, interaction: ServedInteraction, draft: Draft, looked: Looked, number: int | None
    ) -> None:
        await interaction.response.defer()
        draft.chosen[looked.index] = None if number is None else looked.faces[number - 1]
        await self.go_on(interaction, draft)

    async def _look(self, draft: Draft, links: Sequence[PictureLink]) -> None:
        fetched = await asyncio.gather(*(self._fetch(link) for link in links))
        places = [index for index, one in enumerate(fetched) if isinstance(one, bytes)]
        pictures = [one for one in fetched if isinstance(one, bytes)]
        looked = await self._teacher.look(draft.guild_id, pictures)
        seen = [replace(one, index=place) for place, one in zip(places, looked, strict=True)]
        draft.looked = tuple(seen)
        failed: dict[int, Exception] = {
            index: one for index, one in enumerate(fetched) if isinstance(one, Exception)
        }
        failed |= {one.index: one.problem for one in seen if one.problem is not None}
        if len(failed) == len(links):
            raise failed[0]
        draft.problems = {index: sentence_for(one) or "" for index, one in failed.items()}

    async def _fetch(self, link: PictureLink) -> bytes | Exception:
        try:
            return await self._services.downloader.fetch(link)
        except (Refusal, PictureError) as problem:
            return problem

    async def _finish(
        self, interaction: ServedInteraction, draft: Draft, keep: Sequence[int] = ()
    ) -> None:
        if not draft.faces:
            await _show(interaction, _(texts.NOTHING_LEFT))
            return
        if not await is_staff(interaction, self._services):
            await self._propose(interaction, draft)
            return
        report = await self._teacher.teach(
            draft.guild_id,
            draft.subject,
            {index: draft.faces[index] for index in keep or draft.faces},
            actor_id=draft.actor_id,
            # Keeping what was left out is a lesson of its own.
            request_id=interaction.id if keep else draft.request_id,
            keep=keep,
        )
        log.info("taught pictures=%d used=%d", len(draft.faces), len(report.used))
        view = None
        if report.left_out:
            left = report.left_out
            view = KeepChoice(draft.actor_id, lambda i: self._keep(i, draft, left))
        await _show(interaction, told(report, {} if keep else draft.problems), view)

    async def _keep(
        self, interaction: ServedInteraction, draft: Draft, left: Sequence[int]
    ) -> None:
        await interaction.response.defer()
        await self._finish(interaction, draft, left)

    async def _propose(self, interaction: ServedInteraction, draft: Draft) -> None:
        channel = await approval_channel(interaction, self._store)
        report = await self._teacher.propose(
            draft.guild_id,
            draft.subject,
            draft.faces,
            actor_id=draft.actor_id,
            request_id=draft.request_id,
        )
        if report.lesson is None:
            await _show(interaction, told(report, draft.problems))
            return
        await ask_staff(interaction, channel, self._store, report)
        log.info("suggested pictures=%d", len(report.used))
        await _show(interaction, told(report, draft.problems, channel_id=channel.id))


async def _show(
    interaction: ServedInteraction,
    text: str,
    view: SafeView | None = None,
    files: Sequence[discord.File] = (),
) -> None:
    await interaction.edit_original_response(
        content=text[:2000], view=view, attachments=list(files), allowed_mentions=NOBODY
    )
