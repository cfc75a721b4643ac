"""One request, from its arrival to its answer, whichever way somebody asked."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import discord

from cogs.errors import sentence_for
from cogs.identify import texts
from cogs.identify.answer import Failed, Reply, Seen, render
from cogs.identify.kept import as_kept
from cogs.identify.progress import Progress
from cogs.identify.style import GivenFirst, style_of
from cogs.identify.surfaces import Surface
from cogs.identify.turns import Turns
from cogs.shared import texts as shared_texts
from cogs.shared.language import _, in_public, spoken
from cogs.shared.picture_link import PictureLink
from cogs.shared.refusals import Refusal
from cogs.shared.services import Services
from recognition.errors import EncoderBusy, PictureError
from recognition.types import EncodedPicture, Mode, Recognition
from store.errors import StoreError
from store.types import Crop
from teaching.nearest import Watched, nearest_crops

MAX_PICTURES = 4
ViewMaker = Callable[[str, Sequence[Seen | Failed], Reply], discord.ui.View]
"""Makes the buttons of a kept answer."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Meant:
    """The pictures that somebody means; ``note`` is a line that says which, where that helps."""

    links: Sequence[PictureLink]
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks. `find` is called after the acknowledgement: it may take its time.

    ``turn`` False: nobody waits for it, so nobody's turn is used up.
    """

    asker_id: int
    guild_id: int | None
    channel_id: int
    find: Callable[[], Awaitable[Meant]]
    upload_limit_bytes: int
    mode: Mode = Mode.AUTO
    private: bool = False
    turn: bool = True


class Asking:
    """The road that all requests take.

    Args:
        services: recogniser, catalog, downloader, store.
        view_of: makes the buttons.
    """

    def __init__(self, services: Services, view_of: ViewMaker) -> None:
        self._services = services
        self._view_of = view_of
        self._turns = Turns(services.cooldown_s)

    async def answer(self, request: Request, surface: Surface) -> None:
        """Acknowledges, looks at the first pictures and sends one reply.

        Raises:
            Refusal, RecognitionError: nothing could be answered.
        """
        began = time.monotonic()
        with self._services.work.request():
            with self._turn(request):
                # Nobody is acknowledged only to hear that the line is full; `admit` has the last
                # word.
                self.refuse_when_full()
                await surface.acknowledge()
                with contextlib.nullcontext() if request.private else in_public():
                    outcomes, posted = await self._answer(request, surface)
            if posted is not None:
                await self._posted(request.guild_id, *posted)
        took_s = time.monotonic() - began
        self._services.timings.note(took_s)
        seen = [one for one in outcomes if isinstance(one, Seen)]
        log.info(
            "answered pictures=%d failed=%d faces=%d ms=%.0f",
            len(outcomes),
            len(outcomes) - len(seen),
            sum(len(one.recognition.faces) for one in seen),
            1000 * took_s,
        )

    async def _answer(
        self, request: Request, surface: Surface
    ) -> tuple[list[Seen | Failed], tuple[str, int] | None]:
        """Looks, and shows the answer; returns what was seen, and the kept answer's ids."""
        progress = Progress()
        async with progress.told(surface.progress, after_s=self._services.progress_after_s):
            meant = await request.find()
            links = list(meant.links)[:MAX_PICTURES]
            outcomes = await self.look_at(links, request.mode, progress, guild_id=request.guild_id)
        reply = render(
            outcomes,
            self._services.catalog,
            upload_limit_bytes=request.upload_limit_bytes,
            left_out=len(meant.links) - len(links),
            note=meant.note,
            detail=(await style_of(self._services, request.guild_id)).detail,
        )
        answer_id = await self._keep(request, links, outcomes)
        view = None if answer_id is None else self._view_of(answer_id, outcomes, reply)
        message_id = await surface.send(reply, view)
        return outcomes, None if answer_id is None else (answer_id, message_id)

    def turn_of(self, user_id: int) -> contextlib.AbstractContextManager[None]:
        """A member's turn; see `Turns.take`."""
        return self._turns.take(user_id)

    def _turn(self, request: Request) -> contextlib.AbstractContextManager[None]:
        return self.turn_of(request.asker_id) if request.turn else contextlib.nullcontext()

    def refuse_when_full(self) -> None:
        """Raises EncoderBusy where nobody more is taken."""
        encoder = self._services.recognizer.encoder
        if encoder.waiting >= encoder.limit:
            raise EncoderBusy(waiting=encoder.waiting, limit=encoder.limit)

    async def look_at(
        self,
        links: Sequence[PictureLink],
        mode: Mode,
        progress: Progress | None = None,
        *,
        guild_id: int | None,
    ) -> list[Seen | Failed]:
        """One outcome a picture. Where not one could be used, the first one's reason is raised.

        In a server (`guild_id`) those whom it taught are known, too.
        """
        progress = progress or Progress()
        progress.total = len(links)
        services, slow = self._services, any(link.outside for link in links)
        with services.recognizer.admit(), services.line.stand() as progress.ahead:
            async with services.line.turn(services.work, slow=slow):
                fetched = await asyncio.gather(*(self._fetch(link) for link in links))
                if problem := _nothing_but_problems(fetched):
                    raise problem
                seen: list[Seen | Exception] = []
                # One after the other: a message of four pictures is not four people in the queue.
                for number, (link, one) in enumerate(zip(links, fetched, strict=True), 1):
                    progress.number = number
                    if isinstance(one, bytes):
                        seen.append(await self._see(one, link.spoiler, mode, guild_id))
                    else:
                        seen.append(one)
        if problem := _nothing_but_problems(seen):
            raise problem
        return [
            one if isinstance(one, Seen) else Failed(sentence_for(one) or _(texts.NO_REASON))
            for one in seen
        ]

    async def _fetch(self, link: PictureLink) -> bytes | Exception:
        try:
            return await self._services.downloader.fetch(link)
        except (Refusal, PictureError) as problem:
            return problem

    async def _see(
        self, picture: bytes, spoiler: bool, mode: Mode, guild_id: int | None
    ) -> Seen | Exception:
        services = self._services
        decider: Any = services.recognizer.decider
        if services.galleries is not None:
            decider = await services.galleries.decider(guild_id)
        if (await style_of(services, guild_id)).given_first:
            decider = GivenFirst(decider, services.catalog)
        decider = Watched(decider)
        try:
            # The one place in which a picture of a running quiz is declined, however one asks.
            check = None if services.watch is None else services.watch.check
            answer = await services.recognizer.whois(
                picture, mode, decider=decider, check=check, caption=shared_texts.caption()
            )
        except PictureError as problem:
            return problem
        references: Mapping[int, Crop] = {}
        if not spoiler:  # the small picture on a card cannot be hidden
            references = await self._references(guild_id, decider.encoded, answer.recognition)
        return Seen(answer.recognition, answer.annotated, spoiler, references)

    async def _references(
        self, guild_id: int | None, encoded: EncodedPicture | None, recognition: Recognition
    ) -> Mapping[int, Crop]:
        """The kept pictures to compare with; an answer goes out without them, too."""
        services = self._services
        if guild_id is None or encoded is None or not (services.store and services.galleries):
            return {}
        try:
            known = await services.galleries.get(guild_id)
            found = await nearest_crops(services.store, known, encoded, recognition)
        except StoreError:
            log.exception("answering without the pictures that servers keep")
            return {}
        if services.watch is None:
            return found
        # A name beside the picture that a quiz asks would be its answer.
        asked = [number for number, crop in found.items() if await services.watch.asks(crop.data)]
        return {number: crop for number, crop in found.items() if number not in asked}

    async def _keep(
        self, request: Request, links: Sequence[PictureLink], outcomes: Sequence[Seen | Failed]
    ) -> str | None:
        """Notes the answer for its buttons; None where it cannot be noted, and has none."""
        if self._services.store is None:
            return None
        answer_id = secrets.token_urlsafe(9)
        try:
            await self._services.store.answers.add(
                answer_id,
                request.guild_id,
                channel_id=request.channel_id,
                asker_id=request.asker_id,
                pictures=as_kept(links, outcomes, request.mode, request.channel_id),
                private=request.private,
                locale=spoken(),
            )
        except StoreError:
            log.exception("an answer goes out without buttons")
            return None
        return answer_id

    async def _posted(self, guild_id: int | None, answer_id: str, message_id: int) -> None:
        assert self._services.store is not None
        try:
            await self._services.store.answers.posted(guild_id, answer_id, message_id)
        except StoreError:
            log.exception("an answer will outlive its message")


def _nothing_but_problems(results: Sequence[object]) -> Exception | None:
    """The first problem where there are only problems."""
    problems = [one for one in results if isinstance(one, Exception)]
    return problems[0] if len(problems) == len(results) else None
