"""Sentences out of the code into the template, and from there into the catalogs of all languages.

``update`` writes ``data/locales/aniwhois.pot`` and adds what is new to each
``data/locales/<locale>/aniwhois.po``, untranslated; ``check`` says what is wrong with them.
"""

from __future__ import annotations

import argparse
import datetime
import importlib
import pkgutil
import string
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po
from discord import app_commands
from discord.ext import commands

import cogs
from catalog import Catalog as Characters
from cogs.shared.language import DOMAIN, ENGLISH, LANGUAGES, LOCALES

ROOT = Path(__file__).parent.parent
TEMPLATE = LOCALES / f"{DOMAIN}.pot"
KEYWORDS = {
    "_": None,
    "N_": None,
    "_always": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
# A header that changes with every run would be a change in every run.
_WRITTEN_AT = datetime.datetime(2026, 11, 25, tzinfo=datetime.UTC)
_WIDTH = 100
_CHARACTERS = "data/characters.json"


def extract() -> Catalog:
    """Everything that the code can say, and the names of its commands."""
    catalog = _empty(None)
    found = extract_from_dir(
        ROOT / "cogs", [("**.py", "python")], keywords=KEYWORDS, comment_tags=["Translators:"]
    )
    for file, line, message, comments, context in found:
        catalog.add(
            message,
            locations=[(f"cogs/{file}", line)],
            auto_comments=comments,
            context=context,
            flags=["python-brace-format"] if _fields(_first(message)) else (),
        )
    for file, context, name in (*command_names(), *colours()):
        catalog.add(name, locations=[(file, 1)], context=context)
    return catalog


def command_names() -> Iterator[tuple[str, str, str]]:
    """(file, context, name) of each command, group, option and choice of all cogs."""
    for one in pkgutil.walk_packages(cogs.__path__, "cogs."):
        module = importlib.import_module(one.name)
        for cog in vars(module).values():
            if not (isinstance(cog, type) and issubclass(cog, commands.Cog)):
                continue
            if cog.__module__ != module.__name__:
                continue
            file = f"{module.__name__.replace('.', '/')}{'/__init__' if one.ispkg else ''}.py"
            if issubclass(cog, commands.GroupCog):
                yield file, "command", cog.__cog_group_name__
            for command in cog.__cog_app_commands__:
                for context, name in _names_of(command):
                    yield file, context, name


def colours() -> Iterator[tuple[str, str, str]]:
    """(file, context, words) of each colour of hair and eyes of the characters we know."""
    characters = Characters.load(ROOT / _CHARACTERS)
    found = {one for who in characters for one in (who.facts.hair, who.facts.eyes) if one}
    for words in sorted(found):
        yield _CHARACTERS, "colour", words


def _names_of(command: app_commands.Command | app_commands.Group) -> Iterator[tuple[str, str]]:
    yield "command", command.name
    if isinstance(command, app_commands.Group):
        for child in command.commands:
            yield from _names_of(child)
        return
    for option in command.parameters:
        yield "option", option.name
        for choice in option.choices:
            yield "choice", choice.name


def read(locale: str) -> Catalog:
    """The catalog of a language as it lies there."""
    with _file(locale).open("rb") as lines:
        return read_po(lines, locale=locale.replace("-", "_"), domain=DOMAIN)


def update() -> None:
    """Writes the template; each catalog gets what is new, and loses what nobody says any more."""
    template = extract()
    _write(TEMPLATE, template)
    for locale in LANGUAGES:
        if locale == ENGLISH:
            continue
        catalog = read(locale) if _file(locale).exists() else _empty(locale)
        # A guess from a sentence that looks alike would have to be found and thrown away.
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        _write(_file(locale), catalog)


def problems() -> list[str]:
    """What has to be done before the languages are complete; nothing where they are."""
    template = extract()
    with TEMPLATE.open("rb") as lines:
        found = [] if _keys(read_po(lines)) == _keys(template) else [
            "the template is older than the code: scripts/translations update"
        ]  # fmt: skip
    for locale in LANGUAGES:
        if locale == ENGLISH:
            continue
        catalog = read(locale)
        found += [f"{locale}: not in the code: {key}" for key in _keys(catalog) - _keys(template)]
        for message in template:
            if message.id:
                found += [
                    f"{locale}: {problem}: {_first(message.id)!r}"
                    for problem in _problems_of(message, catalog.get(message.id, message.context))
                ]
    return found


def _problems_of(asked: Message, given: Message | None) -> Iterator[str]:
    if given is None:
        yield "missing"
        return
    if given.fuzzy:
        yield "unsure"
    forms = given.string if isinstance(given.string, tuple | list) else (given.string,)
    if not all(forms):
        yield "untranslated"
        return
    one, many = (asked.id[0], asked.id[-1]) if asked.pluralizable else (asked.id, asked.id)
    for index, form in enumerate(forms):
        # "someone" needs no number; every other form has all there is.
        single = asked.pluralizable and index == 0 and len(forms) > 1
        allowed = [_fields(many), _fields(one)] if single else [_fields(many)]
        if _fields(form) not in allowed:
            yield f"other placeholders in {form!r}"
    if asked.id and _first(asked.id).startswith("-# ") and not forms[0].startswith("-# "):
        yield "small print is not small"


def _fields(text: str) -> frozenset[str]:
    """The names in braces. What is no format at all has those of nothing."""
    try:
        return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name)
    except ValueError:
        return frozenset({"?"})


def _first(message: str | tuple[str, ...] | list[str]) -> str:
    return message if isinstance(message, str) else message[0]


def _keys(messages: Iterable[Message]) -> set[tuple[str | None, str]]:
    return {(one.context, _first(one.id)) for one in messages if one.id}


def _empty(locale: str | None) -> Catalog:
    return Catalog(
        locale=locale.replace("-", "_") if locale else None,
        domain=DOMAIN,
        project="AniWhois",
        header_comment='# What AniWhois says. How it gets here: CONTRIBUTING.md, "Languages".',
        creation_date=_WRITTEN_AT,
        revision_date=_WRITTEN_AT,
        fuzzy=False,
    )


def _file(locale: str) -> Path:
    return LOCALES / locale / f"{DOMAIN}.po"


def _write(file: Path, catalog: Catalog) -> None:
    catalog.creation_date = catalog.revision_date = _WRITTEN_AT
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as lines:
        # Without line numbers: they would change with every line of code.
        write_po(lines, catalog, width=_WIDTH, sort_by_file=True, include_lineno=False)


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/translations", description=__doc__)
    parser.add_argument("what", choices=("update", "check"))
    if parser.parse_args().what == "update":
        update()
    found = problems()
    for problem in found:
        print(problem)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
