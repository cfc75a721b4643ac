"""The stage of one quiz: shows what has become of the game since it looked last.

It never decides anything; and because it looks at how the game stands, and not at what happened,
it can begin in the middle, after a restart.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import discord

from cogs.quiz import moves, screen, texts_stage
from cogs.quiz.deck import Deck, DeckUnavailable, Question, Wanted
from cogs.quiz.desk import Desk
from cogs.quiz.moves import Said
from cogs.quiz.poster import Poster, Unpostable
from cogs.quiz.rival import Rival
from cogs.quiz.rules import Ending, Mode, Phase
from cogs.shared.clock import Clock
from store.errors import StoreError, UnknownQuiz

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Notes:
    """What the stage tells others of: called with a question's id.

    ``wanted`` says which question comes next; ``posting`` is called before one is posted, ``asked``
    when it has been, ``told`` when its answer has been shown, ``answered`` with whether nobody
    knew it.
    """

    wanted: Callable[[], Awaitable[Wanted]]
    posting: Callable[[Question], Awaitable[None]]
    asked: Callable[[Question], Awaitable[None]]
    told: Callable[[], Awaitable[None]]
    answered: Callable[[str, bool], Awaitable[None]]


class Stage:
    """One channel.

    Args:
        poster: writes where it plays.
        quiz_id: what its buttons say.
        desk: the game.
        deck: its questions.
        notes: what goes elsewhere.
        rival: the bot as a player.
        given_first: how names are written here.
    """

    def __init__(
        self,
        poster: Poster,
        quiz_id: str,
        desk: Desk,
        deck: Deck,
        notes: Notes,
        *,
        clock: Clock,
        dice: random.Random,
        rival: Rival,
        guild_id: int,
        given_first: bool,
        changed: asyncio.Event,
    ) -> None:
        self.question: Question | None = None
        self.revealed = 0
        """The last round whose reveal was shown."""
        self._poster = poster
        self._quiz_id = quiz_id
        self._desk = desk
        self._deck = deck
        self._notes = notes
        self._clock = clock
        self._dice = dice
        self._rival = rival
        self._guild_id = guild_id
        self._given_first = given_first
        self._changed = changed
        self._shown: object = None
        self._pictured: object = None
        self._guessing: asyncio.Task[None] | None = None
        self._closed = False

    async def run(self) -> None:
        """Shows until the game is over."""
        try:
            while not self._desk.lost:
                self._changed.clear()
                try:
                    await self._show()
                except Unpostable:
                    if self._desk.game.over:
                        return
                    await self._tell(moves.Stop(Ending.UNPOSTED))
                if self._closed:
                    return
                # The desk ticks at every step of the question, too.
                await self._changed.wait()
        finally:
            if self._guessing is not None:
                self._guessing.cancel()

    def message_gone(self) -> None:
        """Somebody has deleted the question's message: it is posted anew."""
        self._shown = None
        self._pictured = "gone"
        self._changed.set()

    async def say(self, text: str) -> None:
        """Says something in between, if the channel takes it."""
        with contextlib.suppress(Unpostable):
            await self._poster.send(content=text)

    async def close(self) -> None:
        """Shows the podium, whatever has become of the stage."""
        with contextlib.suppress(Unpostable):
            await self._poster.send(embed=screen.podium_embed(self._desk.game))

    async def _show(self) -> None:
        game = self._desk.game
        decided = game.phase in (Phase.REVEALED, Phase.WAITING, Phase.OVER)
        shown = game.message_id is not None and self.question is not None
        if decided and shown and game.number > self.revealed:
            await self._reveal()
        match game.phase:
            case Phase.WAITING:
                await self._draw()
            case Phase.POSTING:
                await self._post()
            case Phase.OPEN:
                await self._refresh()
            case Phase.OVER:
                self._closed = True
                await self._poster.send(embed=screen.podium_embed(game))

    # -- a round -------------------------------------------------------------------------------

    async def _draw(self) -> None:
        if self._desk.game.paused_s is not None:
            return
        drawing = asyncio.ensure_future(self._next())
        try:
            # A pause or the end has to be seen while a host looks for his picture.
            while not drawing.done() and not self._desk.game.over:
                coming = asyncio.ensure_future(self._changed.wait())
                await asyncio.wait({drawing, coming}, return_when=asyncio.FIRST_COMPLETED)
                coming.cancel()
                self._changed.clear()
        finally:
            drawing.cancel()
        if not drawing.done() or drawing.cancelled():
            self._changed.set()
            return
        try:
            question = drawing.result()
        except (DeckUnavailable, StoreError):
            log.exception("no question for quiz=%s", self._quiz_id)
            question = None
        if question is None:
            await self._tell(moves.Stop(Ending.DRY))
            return
        asked = screen.asked_of(question, self._dice, given_first=self._given_first)
        self.question = question
        await self._tell(moves.Drawn(asked, question.uploader_id))

    async def _next(self) -> Question | None:
        return await self._deck.next(await self._notes.wanted())

    async def _post(self) -> None:
        if self._desk.game.paused_s is not None:
            return
        question = self.question
        if question is None:  # it could not be had again after a restart
            await self._tell(moves.Void())
            return
        await self._notes.posting(question)
        message = await self._poster.send(**self._content(new=True))
        if await self._tell(moves.Posted(message.id)) is Said.OVER:
            with contextlib.suppress(discord.HTTPException):
                await message.edit(view=None)
            return
        await self._notes.asked(question)

    async def _refresh(self) -> None:
        """Edits the question where it looks different by now."""
        game, question = self._desk.game, self.question
        if question is None:
            await self._tell(moves.Void())
            return
        if self._pictured == "gone":
            message = await self._poster.send(**self._content(new=True))
            await self._tell(moves.Posted(message.id))
            return
        now_s = self._clock.now_s()
        looks = (game.number, game.steps(now_s), game.hints, game.until_s, game.paused_s)
        if looks != self._shown:
            self._shown = looks
            await self._edit(**self._content(new=False))
            self._guess()

    def _content(self, *, new: bool) -> dict[str, Any]:
        """The open question as a message. Its file is sent only where it is another one."""
        game, question = self._desk.game, self.question
        assert question is not None
        now_s = self._clock.now_s()
        embed = screen.question_embed(game, question, now_s)
        content: dict[str, Any] = {"embed": embed}
        if game.phase in (Phase.POSTING, Phase.OPEN):
            content["view"] = screen.question_view(game, self._quiz_id)
        else:
            content["view"] = None
        picture = screen.picture_of(game, question, now_s)
        if picture is not None:
            file = screen.file_of(picture, "picture", texts_stage.picture_alt(game.number))
            screen.place(embed, file)
            if new or self._pictured is not picture:
                content["files" if new else "attachments"] = [file]
        self._pictured = picture
        return content

    async def _reveal(self) -> None:
        game, question = self._desk.game, self.question
        assert question is not None
        self.revealed = game.number
        if self._guessing is not None:
            self._guessing.cancel()
        tried = any(one.vote for one in game.players.values())
        known = bool(screen.right_votes(game))
        await self._edit(**self._content(new=False))
        embeds = screen.reveal_embeds(game, question, given_first=self._given_first)
        files = []
        for name, picture in (
            ("picture", question.reveal.picture),
            ("answer", question.reveal.annotated),
        ):
            if picture is not None:
                files.append(screen.file_of(picture, name, question.reveal.alt_text))
                screen.place(embeds[0], files[-1])
        await self._poster.send(embeds=embeds, files=files)
        await self._notes.told()
        if tried or not game.skipped:
            await self._notes.answered(question.id, not known)

    # -- the bot as a player -------------------------------------------------------------------

    def _guess(self) -> None:
        """Lets the bot look at what is shown now, if it is not looking already."""
        game = self._desk.game
        looking = self._guessing is not None and not self._guessing.done()
        if game.rules.mode is Mode.BOT and game.rival is None and not looking:
            self._guessing = asyncio.create_task(self._look())

    async def _look(self) -> None:
        """Looks at each step until it is sure; what came while it looked is looked at next."""
        seen = 0
        while True:
            game, question = self._desk.game, self.question
            steps = game.steps(self._clock.now_s())
            if game.phase is not Phase.OPEN or question is None or game.asked is None:
                return
            picture = screen.picture_of(game, question, self._clock.now_s())
            if steps == seen or picture is None:
                return
            seen, last = steps, steps >= len(question.steps)
            options = [one.id for one in game.asked.choices]
            found = await self._rival.guess(picture.data, options, self._guild_id, last=last)
            if found is not None or last:
                await self._tell(moves.Guessed(found))
                return

    # -- Discord -------------------------------------------------------------------------------

    async def _tell(self, move: moves.Move) -> Said:
        """Tells the desk; what it cannot take any more is over."""
        try:
            return (await self._desk.tell(move)).said
        except UnknownQuiz:
            return Said.OVER

    async def _edit(self, **content: Any) -> None:
        """Edits the question's message; where it is gone it is posted anew the next time."""
        message_id = self._desk.game.message_id
        if message_id is not None and not await self._poster.edit(message_id, **content):
            self.message_gone()
