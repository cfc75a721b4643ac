"""The buttons of a quiz. They survive a restart: what they need lies with the game, and a custom id
is random, or names the quiz and what is to be done, and never what is right.

Everybody may answer; whoever may do more is checked at the press.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Self, cast

import discord

from cogs.quiz import texts
from cogs.shared.language import _
from cogs.shared.safe import SafeItem, SafeModal, ServedInteraction, run

if TYPE_CHECKING:
    from cogs.quiz.cog import QuizCog

MOST_TYPED = 100


def cog_of(interaction: ServedInteraction) -> QuizCog:
    """The quiz's cog, which knows what runs."""
    return cast("QuizCog", interaction.client.get_cog("Quiz"))


class AnswerButton(
    SafeItem[discord.ui.Button[discord.ui.View]],
    template=r"quiz:a:(?P<token>[A-Za-z0-9]{12})",
):
    """One of the names."""

    def __init__(self, token: str, label: str = "…") -> None:
        button: discord.ui.Button[discord.ui.View] = discord.ui.Button(
            label=label, custom_id=f"quiz:a:{token}", style=discord.ButtonStyle.primary
        )
        super().__init__(button, row=0)
        self.token = token

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[discord.Client],
        item: discord.ui.Item[discord.ui.View],
        match: re.Match[str],
        /,
    ) -> Self:
        return cls(match["token"])

    async def callback(self, interaction: ServedInteraction) -> None:  # type: ignore[override]
        await run(interaction, lambda one: cog_of(one).presses.choose(one, self.token))


class ControlButton(
    SafeItem[discord.ui.Button[discord.ui.View]],
    template=r"quiz:(?P<what>answer|hint|skip):(?P<quiz>[\w-]{12})",
):
    """A typed answer, a hint, a vote for the next question."""

    def __init__(self, what: str, quiz_id: str, label: str = "…") -> None:
        style = discord.ButtonStyle.primary if what == "answer" else discord.ButtonStyle.secondary
        button: discord.ui.Button[discord.ui.View] = discord.ui.Button(
            label=label, custom_id=f"quiz:{what}:{quiz_id}", style=style
        )
        super().__init__(button, row=1)
        self.what = what
        self.quiz_id = quiz_id

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[discord.Client],
        item: discord.ui.Item[discord.ui.View],
        match: re.Match[str],
        /,
    ) -> Self:
        return cls(match["what"], match["quiz"])

    async def callback(self, interaction: ServedInteraction) -> None:  # type: ignore[override]
        await run(interaction, self._act)

    async def _act(self, interaction: ServedInteraction) -> None:
        presses = cog_of(interaction).presses
        if self.what == "answer":
            number = presses.open_round(interaction, self.quiz_id)
            await interaction.response.send_modal(AnswerForm(self.quiz_id, number))
        elif self.what == "hint":
            await presses.hint(interaction, quiz_id=self.quiz_id)
        else:
            await presses.skip(interaction, quiz_id=self.quiz_id)


class TeamButton(
    SafeItem[discord.ui.Button[discord.ui.View]],
    template=r"quiz:team:(?P<team>[01]):(?P<quiz>[\w-]{12})",
):
    """A team to play for."""

    def __init__(self, team: int, quiz_id: str, label: str = "…") -> None:
        button: discord.ui.Button[discord.ui.View] = discord.ui.Button(
            label=label,
            custom_id=f"quiz:team:{team}:{quiz_id}",
            style=(discord.ButtonStyle.danger, discord.ButtonStyle.primary)[team],
        )
        super().__init__(button)
        self.team = team
        self.quiz_id = quiz_id

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[discord.Client],
        item: discord.ui.Item[discord.ui.View],
        match: re.Match[str],
        /,
    ) -> Self:
        return cls(int(match["team"]), match["quiz"])

    async def callback(self, interaction: ServedInteraction) -> None:  # type: ignore[override]
        await run(interaction, lambda one: cog_of(one).presses.join(one, self.quiz_id, self.team))


class AnswerForm(SafeModal):
    """A secret answer. It is for the round in which it was opened, and no other."""

    def __init__(self, quiz_id: str, number: int) -> None:
        super().__init__(title=_(texts.FORM_TITLE))
        self._quiz_id = quiz_id
        self._number = number
        self._name: discord.ui.TextInput[Any] = discord.ui.TextInput(max_length=MOST_TYPED)
        self.add_item(discord.ui.Label(text=_(texts.FORM_LABEL), component=self._name))

    async def on_submit(self, interaction: ServedInteraction) -> None:  # type: ignore[override]
        await run(interaction, self._answer)

    async def _answer(self, interaction: ServedInteraction) -> None:
        presses = cog_of(interaction).presses
        await presses.type(interaction, self._quiz_id, self._number, self._name.value)
