"""How well does what somebody typed fit a name? Pure text; knows no characters."""

import unicodedata

from rapidfuzz import fuzz

_HIRAGANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}

# Nobody types the whole name of someone they have just seen, so a word of it counts nearly as much
# as all of it. The weights only order the kinds of match; tests pin the orders that matter.
_WHOLE_WORD, _WORD_START, _INSIDE, _WORD_BY_WORD = 0.95, 0.90, 0.85, 0.90
_MIN_LATIN_PREFIX = 2


def fold(text: str) -> str:
    """What two spellings of one name have in common: width, case, accents and kana removed.

    >>> fold("Ｒｅｉ  AYANAMI!"), fold("あすか") == fold("アスカ"), fold("Ina'nis")
    ('rei ayanami', True, 'inanis')
    """
    text = unicodedata.normalize("NFKC", text).casefold().translate(_HIRAGANA)
    decomposed = unicodedata.normalize("NFD", text)
    # Latin accents only: the voiced marks of kana (U+3099) make other letters, not other spellings.
    bare = "".join(char for char in decomposed if not "\u0300" <= char <= "\u036f")
    bare = unicodedata.normalize("NFC", bare).replace("'", "").replace("’", "")
    return " ".join("".join(c if c.isalnum() or c == "ー" else " " for c in bare).split())


def similarity(query: str, name: str) -> float:
    """How well ``query`` fits ``name``, 0 to 1. Both must be folded. Order of words is ignored."""
    if not query or not name:
        return 0.0
    joined_query, joined_name = query.replace(" ", ""), name.replace(" ", "")
    if joined_query == joined_name or sorted(query.split()) == sorted(name.split()):
        return 1.0
    return max(
        0.98 * fuzz.ratio(joined_query, joined_name) / 100,
        0.98 * fuzz.token_sort_ratio(query, name) / 100,
        _word_by_word(query.split(), name.split()),
        _contained(joined_query, name, joined_name),
    )


def _contained(query: str, name: str, joined_name: str) -> float:
    """The query as a part of the name; longer parts count more."""
    share = 0.04 * len(query) / len(joined_name)
    words = name.split()
    if query in words:
        return _WHOLE_WORD + share
    is_latin = query.isascii()
    if is_latin and len(query) < _MIN_LATIN_PREFIX:
        return 0.0
    if joined_name.startswith(query) or any(word.startswith(query) for word in words):
        return _WORD_START + share
    # 綾波レイ has no space to cut at: in scripts without spaces any part may be a word.
    if not is_latin and query in joined_name:
        return _INSIDE + share
    return 0.0


def _word_by_word(query: list[str], name: list[str]) -> float:
    """Every typed word against the word it fits best: forgives typos in half a name."""
    best = [max(fuzz.ratio(typed, word) for word in name) for typed in query]
    return _WORD_BY_WORD * min(best) / 100
