"""``/quiz``: the commands, and what the quiz hears of Discord."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from catalog import Catalog
from catalog.matching import fold
from cogs.quiz import moves, season, texts
from cogs.quiz.deck import Deck
from cogs.quiz.picture_commands import PictureCommands
from cogs.quiz.presses import Presses
from cogs.quiz.rules import Ending
from cogs.quiz.sessions import Sessions
from cogs.quiz.starting import Chosen, Starting
from cogs.shared.language import in_public
from cogs.shared.refusals import NotHere
from cogs.shared.safe import NOBODY
from cogs.shared.services import ServedBot
from cogs.shared.speech import speak_in

if TYPE_CHECKING:
    from store.opening import Store

Interaction = discord.Interaction[ServedBot]
_MOST_CHOICES = 25


def _choices(words: Mapping[Any, str]) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=name, value=str(word)) for word, name in words.items()]


@app_commands.guild_only()
@app_commands.allowed_installs(guilds=True, users=False)
class QuizCog(
    PictureCommands,
    commands.GroupCog,
    name="Quiz",
    group_name="quiz",
    group_description=texts.GROUP,
):
    """Quizzes in channels. Everybody may start one and answer; who steers is always checked."""

    seasons = app_commands.Group(name="season", description=texts.SEASON)

    def __init__(self, bot: ServedBot, store: Store, decks: Mapping[str, Deck]) -> None:
        super().__init__()
        self.sessions = Sessions(bot, store, decks)
        self.presses = Presses(self.sessions, bot.services.catalog)
        self._bot = bot
        self._store = store
        self._decks = decks
        self._catalog: Catalog = bot.services.catalog
        self._starting = Starting(self.sessions, store, decks)
        self.open_pictures(bot, store, self.sessions, decks)

    async def cog_load(self) -> None:
        self._bot.tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        self._bot.tree.remove_command(self._menu.name, type=self._menu.type)
        await self.sessions.close()

    # -- playing -------------------------------------------------------------------------------

    @app_commands.command(description=texts.START)
    @app_commands.describe(
        deck=texts.OPTION_DECK,
        rounds=texts.OPTION_ROUNDS,
        seconds=texts.OPTION_SECONDS,
        answers=texts.OPTION_ANSWERS,
        mode=texts.OPTION_MODE,
        series=texts.OPTION_SERIES,
        difficulty=texts.OPTION_DIFFICULTY,
        tolerance=texts.OPTION_TOLERANCE,
        missed=texts.OPTION_MISSED,
    )
    @app_commands.choices(
        answers=_choices(texts.ANSWERS),
        mode=_choices(texts.MODES),
        difficulty=_choices(texts.DIFFICULTIES),
        tolerance=_choices(texts.TOLERANCES),
    )
    async def start(
        self,
        interaction: Interaction,
        deck: app_commands.Range[str, 1, 32] | None = None,
        rounds: app_commands.Range[int, 1, 50] | None = None,
        seconds: app_commands.Range[int, 5, 300] | None = None,
        answers: str | None = None,
        mode: str | None = None,
        series: app_commands.Range[str, 1, 100] | None = None,
        difficulty: str = "any",
        tolerance: str | None = None,
        missed: bool = False,
    ) -> None:
        chosen = Chosen(
            deck, rounds, seconds, answers, mode, tolerance, series or "", difficulty, missed
        )
        with self._bot.services.work.request():
            await self._starting.start(interaction, chosen)

    @start.autocomplete("deck")
    async def _deck_names(
        self, interaction: Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        found = [(texts.deck(name), name) for name in self._decks]
        fitting = [one for one in found if fold(typed) in fold(one[0])]
        return [app_commands.Choice(name=name, value=word) for name, word in fitting]

    @start.autocomplete("series")
    async def _series_names(
        self, interaction: Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        wanted = fold(typed)
        titles = [one.title for one in self._catalog.by_series() if wanted in fold(one.title)]
        return [app_commands.Choice(name=one, value=one) for one in titles[:_MOST_CHOICES]]

    @app_commands.command(description=texts.STOP)
    async def stop(self, interaction: Interaction) -> None:
        with self._bot.services.work.request():
            await self.presses.steer(interaction, moves.Stop(), texts.stopped())

    @app_commands.command(description=texts.PAUSE)
    async def pause(self, interaction: Interaction) -> None:
        with self._bot.services.work.request():
            await self.presses.steer(interaction, moves.Pause(), texts.paused())

    @app_commands.command(description=texts.RESUME)
    async def resume(self, interaction: Interaction) -> None:
        with self._bot.services.work.request():
            await self.presses.steer(interaction, moves.Resume(), texts.resumed())

    @app_commands.command(description=texts.SKIP)
    async def skip(self, interaction: Interaction) -> None:
        with self._bot.services.work.request():
            await self.presses.skip(interaction, alone=True)

    @app_commands.command(description=texts.HINT)
    @app_commands.describe(everyone=texts.OPTION_EVERYONE)
    async def hint(self, interaction: Interaction, everyone: bool = False) -> None:
        with self._bot.services.work.request():
            await self.presses.hint(interaction, everyone=everyone)

    # -- points --------------------------------------------------------------------------------

    @app_commands.command(description=texts.STATS)
    async def stats(self, interaction: Interaction) -> None:
        embed = await season.stats(self._store, _here(interaction), interaction.user.id)
        await interaction.response.send_message(embed=embed, ephemeral=True)

    @app_commands.command(description=texts.LEADERBOARD)
    @app_commands.describe(all_time=texts.OPTION_ALL_TIME)
    async def leaderboard(self, interaction: Interaction, all_time: bool = False) -> None:
        with in_public():
            embed = await season.board(self._store, _here(interaction), all_time=all_time)
        await interaction.response.send_message(embed=embed, allowed_mentions=NOBODY)

    @seasons.command(name="reset", description=texts.RESET)
    async def reset(self, interaction: Interaction) -> None:
        guild_id = season.require_manager(interaction)
        text, view = season.question(await self._store.quiz_scores.season(guild_id))
        await interaction.response.send_message(text, view=view, ephemeral=True)

    # -- what happens around it ----------------------------------------------------------------

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        await self.sessions.resume()

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        await self.sessions.resume()

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        if message.author.bot or not message.content:
            return
        if self.sessions.get(message.channel.id) is not None:
            await speak_in(self._bot.services, message.guild)
            await self.presses.overheard(message)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        await self._deleted(payload.channel_id, {payload.message_id})

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        await self._deleted(payload.channel_id, payload.message_ids)

    async def _deleted(self, channel_id: int, message_ids: set[int]) -> None:
        running = self.sessions.get(channel_id)
        if running is not None and running.game.message_id in message_ids:
            running.stage.message_gone()

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        await self._channel_gone(channel.id)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        await self._channel_gone(payload.thread_id)

    async def _channel_gone(self, channel_id: int) -> None:
        running = self.sessions.get(channel_id)
        if running is not None:
            await self.sessions.end(running, Ending.UNPOSTED)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        for running in self.sessions:
            if running.guild_id == guild.id:
                await self.sessions.end(running, Ending.UNPOSTED)


def _here(interaction: Interaction) -> int:
    """The server. Raises NotHere."""
    if interaction.guild_id is None:
        raise NotHere
    return interaction.guild_id
