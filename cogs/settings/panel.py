"""The panel: every control says by its custom id what it sets, and nothing else is remembered.

So it works after a restart, and two members of staff can have it open at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Self

import discord

from cogs.settings import texts
from cogs.shared.language import LANGUAGES, _
from cogs.shared.refusals import NotHere, StaffOnly
from cogs.shared.safe import NOBODY, SafeItem, ServedInteraction, run
from store.errors import ValueRefused
from store.types import CardDetail, NameOrder, ServerSettings, SettingsChange

PAGES = ("places", "answers", "quiz")
CONFIDENCES = (None, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
QUIZ: dict[str, Sequence[int | str]] = {
    "rounds": (5, 10, 15, 20, 30),
    "seconds": (10, 15, 25, 40, 60),
    "answers": ("buttons", "secret", "typed"),
    "mode": ("everyone", "first", "teams", "survival", "bot"),
}
"""What ``/quiz start`` takes where its options are left out; the words are the quiz's."""
TOLERANCES = ("exact", "normal", "lenient")
DECKS = ("clues", "pictures", "anilist")
_OWN = "own"
_PREFIX = "settings:"


def require_manager(interaction: ServedInteraction) -> int:
    """The server, where the member may manage it; a teaching role is not enough to give others one.

    Discord computes the permissions and sends them along.

    Raises:
        NotHere, StaffOnly
    """
    if interaction.guild_id is None or interaction.client.services.store is None:
        raise NotHere
    may = interaction.permissions
    if not (may.manage_guild or may.administrator):
        raise StaffOnly("manage")
    return interaction.guild_id


def panel(settings: ServerSettings, page: str) -> discord.ui.View:
    """The controls of a page, showing what is set."""
    view = discord.ui.View(timeout=None)
    pages = {"places": _places, "answers": _answers, "quiz": _quiz}
    for item in pages[page](settings):
        view.add_item(Control(item))
    return view


def embed_of(settings: ServerSettings, *, content: bool) -> discord.Embed:
    """What is set, in words."""
    return discord.Embed(title=_(texts.TITLE), description=texts.summary(settings, content=content))


class Control(SafeItem[discord.ui.Item[Any]], template=r"settings:(?P<name>\w+)"):
    """One control of the panel. Who may is checked at every use."""

    def __init__(self, item: discord.ui.Item[Any], name: str = "") -> None:
        super().__init__(item)
        self.name = name

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],
        item: discord.ui.Item[Any],
        match: re.Match[str],
        /,
    ) -> Self:
        return cls(item, match["name"])

    async def callback(self, interaction: ServedInteraction) -> None:  # type: ignore[override]
        await run(interaction, self._set)

    async def _set(self, interaction: ServedInteraction) -> None:
        guild_id = require_manager(interaction)
        store = interaction.client.services.store
        assert store is not None
        now = await store.settings.get(guild_id)
        page = self.name if self.name in PAGES else page_of(self.name)
        if self.name not in PAGES:
            change = change_of(self.name, interaction.data or {}, now)
            now = await store.settings.change(guild_id, interaction.user.id, **change)
        await interaction.response.edit_message(
            embed=embed_of(now, content=interaction.client.intents.message_content),
            view=panel(now, page),
            allowed_mentions=NOBODY,
        )


def page_of(name: str) -> str:
    """The page on which a control stands."""
    if name in ("roles", "approval", "listening"):
        return "places"
    return "quiz" if name.startswith("quiz_") else "answers"


def change_of(name: str, data: Any, now: ServerSettings) -> SettingsChange:
    """What a control asks for, checked: a client can send what it likes.

    Raises:
        ValueRefused: there is no such control, or no such choice in it.
    """
    values: Sequence[str] = data.get("values") or ()
    match name:
        case "roles":
            return {"teaching_roles": _ids(name, data, "roles")}
        case "listening":
            return {"listening_channels": _ids(name, data, "channels")}
        case "approval":
            ids = _ids(name, data, "channels")
            return {"approval_channel": ids[0] if ids else None}
        case "confidence":
            known = {_value(one): one for one in CONFIDENCES}
            return {"naming_confidence": known[_one_of(name, values, list(known))]}
        case "detail":
            return {"card_detail": CardDetail(_one_of(name, values, [*CardDetail]))}
        case "language":
            chosen = _one_of(name, values, [_OWN, *LANGUAGES])
            return {"language": None if chosen == _OWN else chosen}
        case "crops":
            return {"keep_crops": not now.keep_crops}
        case "order":
            given = now.name_order is NameOrder.GIVEN_FIRST
            return {"name_order": NameOrder.FAMILY_FIRST if given else NameOrder.GIVEN_FIRST}
        case "quiz_rounds" | "quiz_seconds" | "quiz_answers" | "quiz_mode":
            what = name.removeprefix("quiz_")
            choices = {str(one): one for one in QUIZ[what]}
            value: Any = choices[_one_of(name, values, list(choices))]
            return {"quiz": replace(now.quiz, **{what: value})}
        case "quiz_tolerance":
            return {"quiz": replace(now.quiz, tolerance=_after(now.quiz.tolerance, TOLERANCES))}
        case "quiz_deck":
            return {"quiz": replace(now.quiz, deck=_after(now.quiz.deck, DECKS))}
    raise ValueRefused("setting", name)


def _after(word: str, words: Sequence[str]) -> str:
    """The next of `words`, after the last one the first."""
    place = words.index(word) if word in words else -1
    return words[(place + 1) % len(words)]


def _ids(name: str, data: Any, kind: str) -> list[int]:
    """The chosen ids; each has to be among what Discord says that they stand for."""
    resolved = (data.get("resolved") or {}).get(kind) or {}
    values = data.get("values") or ()
    if any(one not in resolved for one in values):
        raise ValueRefused(name, values)
    return [int(one) for one in values]


def _one_of(name: str, values: Sequence[str], known: Sequence[str]) -> str:
    if len(values) != 1 or values[0] not in known:
        raise ValueRefused(name, values)
    return values[0]


def _value(confidence: float | None) -> str:
    return _OWN if confidence is None else str(round(100 * confidence))


def _places(settings: ServerSettings) -> list[discord.ui.Item[Any]]:
    text_only = [discord.ChannelType.text]
    roles = [discord.Object(one) for one in sorted(settings.teaching_roles)[:25]]
    listening = [discord.Object(one) for one in sorted(settings.listening_channels)[:25]]
    approval = [discord.Object(settings.approval_channel)] if settings.approval_channel else []
    return [
        discord.ui.RoleSelect(
            custom_id=f"{_PREFIX}roles", placeholder=_(texts.ROLES), min_values=0, max_values=25,
            default_values=[discord.SelectDefaultValue.from_role(one) for one in roles],
        ),
        discord.ui.ChannelSelect(
            custom_id=f"{_PREFIX}approval", placeholder=_(texts.APPROVAL), min_values=0,
            max_values=1, channel_types=text_only,
            default_values=[discord.SelectDefaultValue.from_channel(one) for one in approval],
        ),
        discord.ui.ChannelSelect(
            custom_id=f"{_PREFIX}listening", placeholder=_(texts.LISTENING), min_values=0,
            max_values=25, channel_types=text_only,
            default_values=[discord.SelectDefaultValue.from_channel(one) for one in listening],
        ),
        _button("answers", _(texts.ANSWERS)),
    ]  # fmt: skip


def _answers(settings: ServerSettings) -> list[discord.ui.Item[Any]]:
    percents = [(texts.confidence(one), _value(one)) for one in CONFIDENCES]
    chosen = _value(settings.naming_confidence)
    if chosen not in [value for _shown, value in percents]:  # set otherwise, by an operator say
        chosen = ""
    languages = [
        (_(texts.OWN_LANGUAGE), _OWN),
        *((name, key) for key, name in LANGUAGES.items()),
    ]
    details = [(_(texts.DETAILS[one]), one.value) for one in CardDetail]
    crops = _(texts.CROPS_ON if settings.keep_crops else texts.CROPS_OFF)
    return [
        _select("confidence", _(texts.CONFIDENCE), percents, chosen),
        _select("detail", _(texts.DETAIL), details, settings.card_detail.value),
        _select("language", _(texts.LANGUAGE), languages, settings.language or _OWN),
        _button("crops", crops),
        _button("order", _(texts.ORDERS[settings.name_order])),
        _button("places", _(texts.PLACES)),
        _button("quiz", texts.quiz_page()),
    ]


def _quiz(settings: ServerSettings) -> list[discord.ui.Item[Any]]:
    quiz = settings.quiz
    told: dict[str, Callable[[Any], str]] = {
        "rounds": texts.quiz_rounds,
        "seconds": texts.quiz_seconds,
        "answers": texts.quiz_answers,
        "mode": texts.quiz_mode,
    }
    return [
        *(
            _select(
                f"quiz_{what}",
                told[what](None),
                [(told[what](one), str(one)) for one in choices],
                str(getattr(quiz, what)),
            )
            for what, choices in QUIZ.items()
        ),
        _button("quiz_tolerance", texts.quiz_spelling(quiz.tolerance)),
        _button("quiz_deck", texts.quiz_questions(quiz.deck)),
        _button("answers", _(texts.ANSWERS)),
    ]


def _select(
    name: str, placeholder: str, choices: Sequence[tuple[str, str]], chosen: str
) -> discord.ui.Select[Any]:
    options = [
        discord.SelectOption(
            label=texts.chosen(placeholder, label) if value == chosen else label,
            value=value,
            default=value == chosen,
        )
        for label, value in choices
    ]
    return discord.ui.Select(custom_id=f"{_PREFIX}{name}", placeholder=placeholder, options=options)


def _button(name: str, label: str) -> discord.ui.Button[Any]:
    return discord.ui.Button(custom_id=f"{_PREFIX}{name}", label=label)
