"""Is what somebody typed the name of the person? Every spelling that people use counts.

Both orders of a name, its native spelling and its reading, every alias (also those that are
spoilers), a word of a name alone, long vowels with and without a sign, and a few typing mistakes.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping

from rapidfuzz import fuzz

from catalog.matching import fold
from catalog.types import Names
from cogs.quiz.rules import Tolerance, Verdict

MOST_TYPED = 100
"""Characters of an answer; what is longer is none."""
_ENOUGH: Mapping[Tolerance, float] = {
    Tolerance.EXACT: 1.0,
    Tolerance.NORMAL: 0.86,
    Tolerance.LENIENT: 0.72,
}
_NEARLY = 0.16
"""So much below what is enough is still "nearly"."""
_LEAST_NEARLY = 0.6
_MIN_WORD = 3
"""Latin letters of a word of a name that counts alone; in other scripts a sign less."""
# Spellings of one sound, in the order in which they are replaced.
_SOUNDS = (
    (r"ou|oo|oh(?![aeiouy])", "o"),
    (r"uu", "u"),
    (r"aa", "a"),
    (r"ii", "i"),
    (r"ee", "e"),
    (r"si", "shi"),
    (r"tu", "tsu"),
    (r"ti", "chi"),
    (r"hu", "fu"),
    (r"zi", "ji"),
    (r"m(?=[bp])", "n"),
    (r"l", "r"),
)


def judge(typed: str, names: Names, tolerance: Tolerance, others: Iterable[Names] = ()) -> Verdict:
    """What an answer is worth.

    Args:
        typed: as it was typed.
        names: of the person who is asked for.
        tolerance: `EXACT` wants a whole name or alias (in any spelling of its script).
        others: people who could have been meant instead: a typing mistake that leads to one of them
            is no mistake.
    """
    query = fold(typed[:MOST_TYPED])
    if not query or len(typed) > MOST_TYPED:
        return Verdict.WRONG
    score = _score(query, names, words=tolerance is not Tolerance.EXACT)
    if score < 1.0 and any(_score(query, one, words=False) == 1.0 for one in others):
        return Verdict.WRONG
    enough = _ENOUGH[tolerance]
    if score >= enough:
        nearer = any(_score(query, one, words=True) > score for one in others)
        return Verdict.WRONG if nearer else Verdict.RIGHT
    near = max(score, _score(query, names, words=True))
    return Verdict.NEARLY if near >= max(_LEAST_NEARLY, enough - _NEARLY) else Verdict.WRONG


def is_name(typed: str, names: Names) -> bool:
    """Whether all of a name or alias was typed, or a word of a name: an answer, and no chatting."""
    query = fold(typed[:MOST_TYPED])
    return bool(query) and len(typed) <= MOST_TYPED and _score(query, names, words=True) == 1.0


def _score(query: str, names: Names, *, words: bool) -> float:
    """How well a folded answer fits the best of somebody's names, 0 to 1."""
    return max(_fit(query, name, words=words) for name in spellings(names))


@functools.lru_cache(maxsize=4096)
def spellings(names: Names) -> tuple[str, ...]:
    """All names of somebody, folded."""
    written = (
        names.romaji,
        names.romaji_western,
        names.native,
        names.kana,
        *(alias.name for alias in names.aliases),
    )
    folded = (fold(name) for name in written if name)
    return tuple(dict.fromkeys(name for name in folded if name))


def _fit(query: str, name: str, *, words: bool) -> float:
    joined_query, joined_name = query.replace(" ", ""), name.replace(" ", "")
    if joined_query == joined_name or sorted(query.split()) == sorted(name.split()):
        return 1.0
    best = max(
        fuzz.ratio(_sound(joined_query), _sound(joined_name)),
        fuzz.token_sort_ratio(_sound(query), _sound(name)),
    )
    if words and " " not in query:
        for word in name.split():
            if len(word) >= _MIN_WORD - (not word.isascii()):
                same = 100.0 if query == word else 0.0
                best = max(
                    best, same, fuzz.ratio(_sound(query), _sound(word)) - 2 * (query != word)
                )
    # Two short words differ in one letter by being other words: Rei is not Rea.
    short = len(joined_query) < 4 and joined_query.isascii()
    return min(best / 100, 0.7) if short and best < 100 else best / 100


@functools.lru_cache(maxsize=8192)
def _sound(text: str) -> str:
    """Latin spelling of a Japanese name, simplified; other scripts stay as they are."""
    if not text.isascii():
        return text.replace("ー", "")
    for pattern, sound in _SOUNDS:
        text = re.sub(pattern, sound, text)
    return text
