"""Every sentence of ``/about``, in one place.

Constants are marked (`N_`) and said (`_`) where they are shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cogs.shared.language import N_, _, ngettext
from cogs.shared.wording import decimal, share

COMMAND = N_("Who I am, whom I know, and how well.")
TITLE = "AniWhois"
WHOM, HOW_WELL, HOW_BUSY = N_("Whom I know"), N_("How well"), N_("How busy")


def version(version: str, model_id: str) -> str:
    return _(
        "I say who is in an anime picture, and say so when I don't know. "
        "Version {version}, eyes `{model}`."
    ).format(version=version, model=model_id)


def knows(characters: int, series: int, taught: int | None) -> str:
    """``taught``: how many this server taught, None outside servers."""
    if taught is None:
        text = _("{characters} characters of {series} series")
    else:
        text = ngettext(
            "{characters} characters of {series} series, and {count} taught in this server",
            "{characters} characters of {series} series, and {count} taught in this server",
            taught,
        )
    return text.format(characters=characters, series=series, count=taught)


def measured(found: Mapping[str, Any]) -> str:
    """The figures of the manifest in words; only those that it has."""
    lines = []
    if {"val_pictures", "top1"} <= found.keys():
        lines.append(_faces(found))
    strangers = found.get("strangers", {}).get("random_strangers")
    if strangers:
        text = _("Of {count} strangers {share} got a name they should not have.")
        named = _share(strangers["named_at_threshold"])
        lines.append(text.format(count=strangers["pictures"], share=named))
    return "\n".join(lines) or _("Nobody has measured this version.")


def _faces(found: Mapping[str, Any]) -> str:
    right, wrong = (
        found.get("named_and_right_at_threshold"),
        found.get("named_and_wrong_at_threshold"),
    )
    count, top1 = found["val_pictures"], _share(found["top1"])
    if right is None or wrong is None:
        text = _("Of {count} faces I had never seen, the nearest was right for {share}.")
        return text.format(count=count, share=top1)
    return _(
        "Of {count} faces I had never seen, the nearest was right for {share}; "
        "{right} got their name, {wrong} a wrong one."
    ).format(count=count, share=top1, right=_share(right), wrong=_share(wrong))


def busy(waiting: int, limit: int, latency_ms: float | None) -> str:
    if latency_ms is None:
        text = _("{waiting} of {limit} places in line are taken")
        return text.format(waiting=waiting, limit=limit)
    return _("{waiting} of {limit} places in line are taken; Discord is {latency} ms away").format(
        waiting=waiting, limit=limit, latency=round(latency_ms)
    )


def _share(value: float) -> str:
    return share(100 * value, 1)


def latency(answers: int, half_s: float, most_s: float) -> str:
    """Of the last answers: within how many seconds half and 95 % of them were there."""
    return ngettext(
        "The last answer took {half} s.",
        "Of the last {count} answers half took at most {half} s, and 95 of 100 at most {most} s.",
        answers,
    ).format(count=answers, half=decimal(half_s, 1), most=decimal(most_s, 1))
