"""Everything that is said can be said in every language, and fits where it is shown."""

from __future__ import annotations

import ast
import inspect
import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import discord
import pytest
from discord import app_commands
from discord.ext import commands as ext

import bot
import cogs
from catalog import Catalog
from cogs.characters import texts as characters
from cogs.identify import texts as identify
from cogs.privacy import texts as privacy
from cogs.quiz import texts as quiz
from cogs.quiz import texts_pictures as quiz_pictures
from cogs.settings import panel
from cogs.settings import texts as settings
from cogs.shared import language
from cogs.shared import texts as approval
from cogs.shared.download import Downloader
from cogs.shared.safe import SafeItem, SafeModal, SafeView
from cogs.shared.services import Services
from cogs.shared.speech import SpeakingTree
from cogs.shared.translator import CatalogTranslator
from cogs.shared.wording import length
from cogs.teach import texts as teach
from sandbox.limits.commands import check_commands
from scripts import translations
from tests.cogs.made import rectangle_recognizer
from tests.meta.test_cogs import commands  # noqa: F401 - a fixture

OTHERS = [locale for locale in language.LANGUAGES if locale != language.ENGLISH]
MARKS = ("_", "N_", "_always", "ngettext", "pgettext")
SENTENCE = re.compile(r"[^\W\d_]{2,} +[^\W\d_]|^[A-Z][a-z]+")
"""Two words, or one with a capital: what somebody could read."""
NOT_SAID = {
    "AniWhois", "AniWhois (a Discord bot)", "Identify", "Settings", "Quiz", "QuizCog", "ItemT",
    "Accept", "Accept-Encoding", "User-Agent", "Retry-After", "Location",
    *language.LANGUAGES.values(),
}  # fmt: skip


def test_the_catalogs_are_complete_and_fit_the_code() -> None:
    """Missing, unsure and obsolete sentences, other placeholders: all that `scripts/translations
    check` finds.
    """
    assert translations.problems() == []


def test_the_check_finds_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    real = translations.read

    def spoiled(locale: str) -> Any:
        catalog = real(locale)
        catalog["I see {who}."].string = "{wer}"
        catalog["Details"].string = ""
        catalog["Faces"].flags.add("fuzzy")
        catalog.delete("Cancel")
        catalog.add("Nobody says this.", "x")
        return catalog

    monkeypatch.setattr(translations, "read", spoiled)
    found = " ".join(one for one in translations.problems() if one.startswith("de:"))
    for problem in ("other placeholders", "untranslated", "unsure", "missing", "not in the code"):
        assert problem in found


@pytest.fixture(scope="module")
def sources(root: Path) -> dict[str, ast.Module]:
    files = sorted((root / "cogs").rglob("*.py"))
    return {str(file.relative_to(root)): ast.parse(file.read_text()) for file in files}


def test_nothing_is_said_in_english_alone(sources: dict[str, ast.Module]) -> None:
    unmarked = [
        f"{file}:{line}: {text}"
        for file, tree in sources.items()
        for line, text in _unmarked(tree)
        if text not in NOT_SAID
    ]
    assert unmarked == []


def test_the_look_for_unmarked_sentences_finds_them() -> None:
    code = 'def a():\n    """Doc."""\n    b(label="Older", x=_("Fine"))\n    return f"So {b} it"\n'
    assert [text for _, text in _unmarked(ast.parse(code))] == ["Older", "So "]


def test_what_is_marked_can_be_extracted(sources: dict[str, ast.Module]) -> None:
    """A sentence that is put together inside the mark is in no catalog."""
    wrong = []
    for file, tree in sources.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _name(node.func) in MARKS:
                for one in node.args:
                    pieces = [piece for piece in ast.walk(one) if _is_text(piece)]
                    if pieces and not _is_text(one):
                        wrong.append(f"{file}:{node.lineno}")
    assert wrong == []


def _unmarked(node: ast.AST) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.Call):
        owner = node.func.value if isinstance(node.func, ast.Attribute) else None
        if _name(node.func) in MARKS or _name(owner) in ("log", "re"):
            return
    docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    if docstring or isinstance(node, ast.Raise | ast.Compare | ast.MatchValue):
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and _spoken(node.value):
        yield node.lineno, node.value
    if isinstance(node, ast.AnnAssign):
        if node.value is not None:
            yield from _unmarked(node.value)
        return
    for child in ast.iter_child_nodes(node):
        yield from _unmarked(child)


def _spoken(text: str) -> bool:
    return SENTENCE.search(text) is not None


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _name(node: ast.AST | None) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


# -- where a language is chosen ----------------------------------------------------------------


def test_every_way_in_chooses_the_language(sources: dict[str, ast.Module]) -> None:
    """Commands come through the tree; buttons, menus and forms are made of the bases in
    ``cogs/shared/safe.py``; a listener to messages says `speak_in` before anything else is said.
    """
    assert isinstance(_made_bot().tree, SpeakingTree)
    for bases, safe in (
        ((discord.ui.View, discord.ui.LayoutView), SafeView),
        ((discord.ui.Modal,), SafeModal),
        ((discord.ui.DynamicItem,), SafeItem),
    ):
        for one in _classes(bases):
            assert issubclass(one, safe), one
            for base in one.__mro__[: one.__mro__.index(safe)]:
                assert "interaction_check" not in vars(base), f"{one} chooses no language"
    for file, tree in sources.items():
        code = ast.unparse(tree)
        assert "def on_message(" not in code or "await speak_in(" in code, file


def _made_bot() -> bot.AniWhoisBot:
    catalog = Catalog.load(bot.HERE / "data" / "characters.json")
    return bot.create_bot(bot.Settings(), Services(rectangle_recognizer(), catalog, Downloader()))


def _classes(bases: tuple[type, ...]) -> set[type]:
    """All of ours that are of these."""
    return {
        one
        for module in pkgutil.walk_packages(cogs.__path__, "cogs.")
        for one in vars(import_module(module.name)).values()
        if inspect.isclass(one) and issubclass(one, bases) and one.__module__.startswith("cogs.")
    }


# -- commands, as Discord has them -------------------------------------------------------------


async def _payload(
    found: dict[str, app_commands.Command[Any, ..., Any] | app_commands.ContextMenu],
) -> list[dict[str, Any]]:
    tree = ext.Bot(ext.when_mentioned, intents=discord.Intents.none()).tree
    translator = CatalogTranslator()
    return [await one.get_translated_payload(tree, translator) for one in found.values()]


async def test_commands_have_names_and_descriptions_in_every_language(
    commands: dict[str, Any],  # noqa: F811
) -> None:
    payload = await _payload(commands)
    check_commands(payload)  # the rules of Discord: signs, lengths, locales
    wanted = {*OTHERS, "es-419"}
    for path, one in _named(payload):
        assert set(one.get("name_localizations") or {}) == wanted, path
        if one.get("description"):
            assert set(one["description_localizations"]) == wanted, path
            for locale, text in one["description_localizations"].items():
                assert length(text) <= 100, (path, locale)


async def test_no_two_commands_or_options_share_a_name_in_any_language(
    commands: dict[str, Any],  # noqa: F811
) -> None:
    groups: list[list[dict[str, Any]]] = []

    def collect(several: list[dict[str, Any]]) -> None:
        groups.append(several)
        for one in several:
            collect(one.get("options") or [])
            groups.append(one.get("choices") or [])

    collect(await _payload(commands))
    for group in groups:
        for locale in OTHERS:
            names = [
                (one.get("type", 1), one.get("name_localizations", {}).get(locale)) for one in group
            ]
            assert len(names) == len(set(names)), (locale, names)


async def test_names_of_menus_are_short_enough(commands: dict[str, Any]) -> None:  # noqa: F811
    for name in ("Who is this?", "Teach this…", "Add to quiz"):
        (payload,) = await _payload({name: commands[name]})
        assert all(1 <= len(one) <= 32 for one in payload["name_localizations"].values())


def _named(payload: list[dict[str, Any]], at: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    for one in payload:
        path = f"{at}/{one['name']}"
        yield path, one
        yield from _named(one.get("options") or [], path)
        yield from _named(one.get("choices") or [], path)


# -- lengths -----------------------------------------------------------------------------------

BUTTONS = (
    identify.GUESSES, identify.WHOLE, identify.FACES, identify.DETAILS, identify.WRONG,
    characters.PAGE_NAME, characters.PREVIOUS, characters.NEXT,
    settings.PLACES, settings.ANSWERS, settings.CROPS_ON, settings.CROPS_OFF,
    *settings.ORDERS.values(),
    teach.KEEP, teach.OLDER,
    privacy.HERE, privacy.EVERYWHERE, privacy.YES, privacy.CANCEL,
    quiz.ANSWER, quiz.HINT_BUTTON, quiz.SKIP_BUTTON, quiz.SURE, quiz.KEEP, *quiz.TEAMS,
)  # fmt: skip
PLACEHOLDERS = (
    characters.CHOOSE, settings.ROLES, settings.APPROVAL, settings.LISTENING,
    settings.CONFIDENCE, settings.DETAIL, settings.LANGUAGE, teach.WHO, teach.WHICH,
)  # fmt: skip
FORM_TITLES = (identify.WRONG_TITLE, teach.MENU_NAME, quiz.FORM_TITLE)
FORM_LABELS = (
    identify.WHICH, identify.WHO, teach.WHO, teach.SERIES, teach.KNOWN, quiz.FORM_LABEL,
)  # fmt: skip
FORM_HELP = (identify.WHO_HELP, teach.WHO_HELP, teach.SERIES_HELP)


MODES = panel.QUIZ["mode"]


def options() -> list[str]:
    """What stands in menus, with the words before what is chosen."""
    _ = language._
    names = (*language.LANGUAGES.values(), _(settings.OWN_LANGUAGE))
    return [
        *(settings.chosen(_(settings.CONFIDENCE), settings.confidence(one)) for one in (None, 1)),
        *(settings.chosen(_(settings.DETAIL), _(one)) for one in settings.DETAILS.values()),
        *(settings.chosen(_(settings.LANGUAGE), one) for one in names),
        _(teach.NONE_OF_THEM),
        *(settings.chosen(settings.quiz_mode(None), settings.quiz_mode(one)) for one in MODES),
        teach.face(25),
    ]


@pytest.mark.parametrize("locale", list(language.LANGUAGES))
def test_labels_fit(locale: str) -> None:
    with language.speaking(locale):
        # Discord's limits: API documentation, "Component Reference".
        for text in (
            approval.approve(), approval.reject(), settings.quiz_page(),
            *map(settings.quiz_questions, panel.DECKS),
            *map(settings.quiz_spelling, panel.TOLERANCES),
            quiz_pictures.keep_it(), quiz_pictures.ask_it(), quiz_pictures.leave_it(),
        ):  # fmt: skip
            assert 1 <= length(text) <= 80
        assert 1 <= length(quiz_pictures.choose()) <= 150
        assert all(length(quiz.deck(one)) <= 100 for one in quiz.DECKS)
        assert length(identify.or_one_of_these()) <= 45
        assert length(identify.staff_see()) <= 100
        for most, marked in (
            (80, BUTTONS),
            (150, PLACEHOLDERS),
            (45, FORM_TITLES),
            (45, FORM_LABELS),
            (100, FORM_HELP),
        ):
            for text in map(language._, marked):
                assert 1 <= length(text) <= most, (most, text)
        assert all(1 <= length(text) <= 100 for text in options())


@pytest.mark.parametrize("locale", list(language.LANGUAGES))
def test_no_sentence_is_longer_than_a_message_takes(locale: str) -> None:
    for message in translations.read(locale) if locale != language.ENGLISH else ():
        forms = message.string if isinstance(message.string, tuple | list) else [message.string]
        assert all(length(form) <= 1000 for form in forms if message.id)


# -- languages themselves ----------------------------------------------------------------------


def test_every_locale_of_discord_has_a_language() -> None:
    for locale in discord.Locale:
        assert language.supported(str(locale)) in language.LANGUAGES
    spoken = {str(one): language.supported(str(one)) for one in discord.Locale}
    assert spoken["es-419"] == "es-ES"
    assert spoken["en-GB"] == spoken["ko"] == language.ENGLISH
    assert language.supported(None) == language.supported("tlh") == language.ENGLISH
    folders = {one.name for one in language.LOCALES.iterdir() if one.is_dir()}
    assert folders == set(OTHERS)


def test_public_and_own() -> None:
    language.speak("de", "ja")
    assert language.spoken() == "de"
    with language.in_public():
        assert language.spoken() == "ja"
    assert language.spoken() == "de"
    language.speak("fr")
    with language.in_public():
        assert language.spoken() == "fr"
    language.speak(None)
