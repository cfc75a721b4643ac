"""What a quiz looks like: embeds, files and buttons. Before the reveal nothing here names anybody.

Custom ids are random, options stand in random order, file names and alt text are always the same,
and a picture's bytes are the deck's, without metadata.
"""

from __future__ import annotations

import io
import random
import string

import discord

from catalog.types import Names
from cogs.quiz import texts, texts_stage
from cogs.quiz.buttons import AnswerButton, ControlButton, TeamButton
from cogs.quiz.deck import Person, Picture, Question
from cogs.quiz.game import Game
from cogs.quiz.people import gives_away
from cogs.quiz.rules import Answers, Asked, Choice, Mode, Phase, Vote
from cogs.quiz.scoring import standing
from cogs.shared.language import _
from cogs.shared.wording import escaped, shortened

TOKEN_LENGTH = 12
_LETTERS = string.ascii_letters + string.digits
_LABEL = 80


def asked_of(question: Question, dice: random.Random, *, given_first: bool) -> Asked:
    """The question as the game knows it: buttons in an order and with ids that tell nothing."""
    options = sorted(question.options, key=lambda one: one.id)
    dice.shuffle(options)
    choices = tuple(
        Choice(
            "".join(dice.choices(_LETTERS, k=TOKEN_LENGTH)),
            one.id,
            shortened(name_of(one.names, given_first=given_first), _LABEL),
        )
        for one in options
    )
    person = question.person
    return Asked(question.id, person.id, choices, len(question.steps), hints_of(person))


def hints_of(person: Person) -> tuple[str, ...]:
    """The hints that there are; the series of *Cardcaptor Sakura* is none for its heroine."""
    hints = []
    for kind in texts_stage.HINTS:
        text = texts_stage.hint(kind, person)
        if text and (kind == "letter" or not gives_away(text, person.names)):
            hints.append(kind)
    return tuple(hints)


def name_of(names: Names, *, given_first: bool) -> str:
    """A name in the order that the server has chosen."""
    return names.romaji_western if given_first else names.romaji


def question_embed(game: Game, question: Question, now_s: float) -> discord.Embed:
    """The open question, as far as it is shown by now; without its clock before that starts."""
    steps = question.steps[: game.steps(now_s)]
    has_picture = picture_of(game, question, now_s) is not None
    title = texts_stage.question_title if has_picture else texts_stage.who_am_i
    lines = [f"{number}. {step.clue}" for number, step in enumerate(steps, 1) if step.clue]
    if game.asked is not None:
        lines += [
            texts_stage.hint_line(texts_stage.hint(kind, question.person))
            for kind in game.asked.hints[: game.hints]
        ]
    if game.paused_s is not None:
        lines.append(texts_stage.paused())
    elif game.phase is Phase.OPEN:
        lines.append(texts_stage.countdown(game.until_s))
    elif game.phase is not Phase.POSTING:
        lines.append(texts_stage.over())
    embed = discord.Embed(
        title=title(game.number, game.rules.rounds), description="\n".join(lines) or None
    )
    embed.set_footer(text=texts_stage.difficulty(question.difficulty))
    return embed


def picture_of(game: Game, question: Question, now_s: float) -> Picture | None:
    """The picture that is shown by now."""
    pictures = [one.picture for one in question.steps[: game.steps(now_s)] if one.picture]
    return pictures[-1] if pictures else None


def file_of(picture: Picture, name: str, alt_text: str) -> discord.File:
    """A picture to send. A spoiler's name says so: that is how Discord hides it."""
    return discord.File(
        io.BytesIO(picture.data),
        f"{name}.{picture.suffix}",
        spoiler=picture.spoiler,
        description=shortened(alt_text, 1024),
    )


def place(embed: discord.Embed, file: discord.File) -> None:
    """Shows a file in an embed; a spoiler stays outside, where it is hidden."""
    if not file.spoiler:
        embed.set_image(url=f"attachment://{file.filename}")


def question_view(game: Game, quiz_id: str) -> discord.ui.View:
    """The buttons of the open question."""
    view = discord.ui.View(timeout=None)
    if game.asked is not None and game.rules.answers is Answers.BUTTONS:
        for choice in game.asked.choices:
            view.add_item(AnswerButton(choice.token, choice.label))
    else:
        view.add_item(ControlButton("answer", quiz_id, _(texts.ANSWER)))
    if game.asked is not None and game.asked.hints:
        view.add_item(ControlButton("hint", quiz_id, _(texts.HINT_BUTTON)))
    view.add_item(ControlButton("skip", quiz_id, _(texts.SKIP_BUTTON)))
    return view


def team_view(quiz_id: str) -> discord.ui.View:
    """A button a team."""
    view = discord.ui.View(timeout=None)
    for number, name in enumerate(texts.TEAMS):
        view.add_item(TeamButton(number, quiz_id, _(name)))
    return view


def reveal_embeds(game: Game, question: Question, *, given_first: bool) -> list[discord.Embed]:
    """Who it was, who was right and how fast, and the points so far."""
    person = question.person
    name = name_of(person.names, given_first=given_first)
    lines = [escaped(person.series)]
    if person.names.native:
        lines.insert(0, escaped(person.names.native))
    if person.about:
        lines.append(person.about)
    if question.reveal.caption:
        lines.append(f"-# {question.reveal.caption}")
    card = discord.Embed(
        title=texts_stage.it_was(name), url=person.url, description="\n".join(lines)
    )
    card.add_field(
        name=_(texts_stage.RIGHT), value=texts_stage.who_was_right(right_votes(game)), inline=False
    )
    if game.rules.mode is Mode.BOT:
        card.add_field(name="AniWhois", value=texts_stage.rival(game.rival), inline=False)
    card.add_field(name=_(texts_stage.SO_FAR), value=points_so_far(game), inline=False)
    return [card]


def right_votes(game: Game) -> list[tuple[int, Vote]]:
    """Members who were right in the last round, fastest first; who brought the picture is none."""
    votes = [
        (member_id, player.vote)
        for member_id, player in game.players.items()
        if player.vote is not None and player.vote.right and member_id != game.uploader_id
    ]
    return sorted(votes, key=lambda one: (one[1].elapsed_s, one[0]))


def points_so_far(game: Game, *, medals: bool = False) -> str:
    places = standing(game.players, game.rules.mode)
    text = texts_stage.standing(
        places, game.rules.mode, game.players, game.rival_points, medals=medals
    )
    return shortened(text, 1024)


def podium_embed(game: Game) -> discord.Embed:
    """The end."""
    lines = [points_so_far(game, medals=True)]
    if game.rules.mode is Mode.BOT:
        ahead = sum(one.points > game.rival_points for one in game.players.values())
        if ahead:
            lines.append(texts_stage.beaten(ahead))
    if game.ending is not None:
        lines.append(f"-# {texts_stage.ending(game.ending)}")
    return discord.Embed(title=_(texts_stage.PODIUM), description="\n".join(lines))
