"""``/character`` looks one up, ``/characters`` lists whom the bot knows."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from itertools import islice

import discord
from discord import app_commands
from discord.ext import commands

from catalog.lookup import MOST_OPTIONS, Finding, Lookup, Option, Ref
from catalog.matching import fold, similarity
from cogs.characters import texts
from cogs.characters.answer import Answer, Sentence, answer_of
from cogs.characters.chooser import chooser, label_of
from cogs.characters.known import Known, known_here
from cogs.characters.listing import series_key
from cogs.characters.pager import ALL, page_of
from cogs.shared.language import _, in_public
from cogs.shared.private import tell_privately
from cogs.shared.services import Services

_MIN_FIT, _FRANCHISE = 0.75, 0.9
_NOBODY = discord.AllowedMentions.none()
_Text = app_commands.Range[str, 1, 100]
_Choices = list[app_commands.Choice[str]]

log = logging.getLogger(__name__)


class Characters(commands.Cog):
    """Knows about characters; what AniList adds is shown where it can be reached."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._lookup = Lookup(services.catalog, services.anilist)

    @app_commands.command(description=texts.CHARACTER)
    @app_commands.describe(name=texts.OPTION_NAME)
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def character(self, interaction: discord.Interaction, name: _Text) -> None:
        with self._services.work.request():
            # AniList may take longer than the three seconds that Discord grants.
            await interaction.response.defer(thinking=True)
            with in_public():
                answer = await self._answer(interaction, name)
            if not isinstance(answer, Answer):
                await tell_privately(interaction, answer())
                return
            await interaction.edit_original_response(
                content=answer.content,
                embed=answer.embed,
                view=answer.view,
                allowed_mentions=_NOBODY,
            )

    @character.autocomplete("name")
    async def _names(self, interaction: discord.Interaction, typed: str) -> _Choices:
        options = self._suggested(typed)
        return [app_commands.Choice(name=label_of(one), value=str(one.ref)) for one in options]

    @app_commands.command(description=texts.CHARACTERS)
    @app_commands.describe(series=texts.OPTION_SERIES)
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def characters(
        self, interaction: discord.Interaction, series: _Text | None = None
    ) -> None:
        with self._services.work.request():
            people = await known_here(self._services, interaction.guild_id)
            fitting = [ALL] if series is None else self._fitting(series, people)
            if not fitting:
                await tell_privately(interaction, _(texts.UNKNOWN_SERIES))
                return
            key = ALL if series is None else series_key(fitting[0])
            with in_public():
                embed, view = page_of(people, interaction.user.id, key, 0)
            if view is None:
                await interaction.response.send_message(embed=embed)
            else:
                await interaction.response.send_message(embed=embed, view=view)

    @characters.autocomplete("series")
    async def _series(self, interaction: discord.Interaction, typed: str) -> _Choices:
        people = await known_here(self._services, interaction.guild_id)
        titles = list(dict.fromkeys(one.series for one in people))
        if fold(typed):
            titles = self._fitting(typed, people)
        return [
            app_commands.Choice(name=title[:100], value=title[:100])
            for title in titles[:MOST_OPTIONS]
            if title
        ]

    async def _answer(self, interaction: discord.Interaction, typed: str) -> Answer | Sentence:
        ref = Ref.parse(typed)
        if ref is None:
            finding = await self._lookup.find(typed)
            log.info("looked up found=%d sure=%s", len(finding.options), finding.sure)
            if not finding.sure or len(finding.options) != 1:
                return _question(interaction.user.id, typed, finding)
            ref = finding.options[0].ref
        entry = await self._lookup.entry(ref)
        return await answer_of(entry, self._services, interaction.guild_id)

    def _suggested(self, typed: str) -> list[Option]:
        """At most 25 characters for what has been typed so far; AniList is not asked."""
        catalog = self._services.catalog
        if fold(typed):
            people = [hit.character for hit in catalog.search(typed, MOST_OPTIONS)]
        else:
            people = list(islice(catalog, MOST_OPTIONS))
        return [
            Option(Ref.local(one), one.names.romaji, one.series.title, one.series.year)
            for one in people
        ]

    def _fitting(self, typed: str, people: Iterable[Known]) -> list[str]:
        """The titles of known series that fit, by any of their titles, best first."""
        scores: dict[str, float] = {}
        for one in {one.series: one for one in people}.values():
            character = self._services.catalog.get(one.id)
            fits = [similarity(fold(typed), fold(one.series))]
            if character is not None:
                named = character.series
                titles = (named.english, named.romaji, named.native)
                fits += [similarity(fold(typed), fold(title)) for title in titles if title]
                # "Date A Live" is a series first, and then what "Date A Bullet" belongs to.
                fits.append(_FRANCHISE * similarity(fold(typed), fold(named.franchise)))
            best = max(fits)
            scores[one.series] = best
        good = [title for title, score in scores.items() if score >= _MIN_FIT]
        return sorted(good, key=lambda title: (-scores[title], title))


def _question(asker_id: int, typed: str, finding: Finding) -> Answer | Sentence:
    """Which of several, "did you mean", or that there is nobody."""
    if not finding.options:
        return lambda: texts.nobody(typed, finding.reach)
    question = _(texts.WHICH) if finding.sure else texts.did_you_mean(typed, finding.reach)
    return chooser(asker_id, question, finding.options)
