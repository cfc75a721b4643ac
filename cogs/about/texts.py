"""Every sentence of ``/about``, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cogs.shared.language import ngettext

COMMAND = "Who I am, whom I know, and how well."
TITLE = "AniWhois"
WHOM, HOW_WELL, HOW_BUSY = "Whom I know", "How well", "How busy"


def version(version: str, model_id: str) -> str:
    what = "I say who is in an anime picture, and say so when I don't know."
    return f"{what} Version {version}, eyes `{model_id}`."


def knows(characters: int, series: int, taught: int | None) -> str:
    """``taught``: how many this server taught, None outside servers."""
    text = f"{characters} characters of {series} series"
    return text if taught is None else f"{text}, and {taught} taught in this server"


def measured(found: Mapping[str, Any]) -> str:
    """The figures of the manifest in words; only those that it has."""
    lines = []
    if {"val_pictures", "top1"} <= found.keys():
        faces = f"Of {found['val_pictures']} faces I had never seen"
        line = f"{faces}, the nearest was right for {_share(found['top1'])}"
        if {"named_and_right_at_threshold", "named_and_wrong_at_threshold"} <= found.keys():
            right, wrong = (
                found["named_and_right_at_threshold"],
                found["named_and_wrong_at_threshold"],
            )
            line += f"; {_share(right)} got their name, {_share(wrong)} a wrong one"
        lines.append(line + ".")
    strangers = found.get("strangers", {}).get("random_strangers")
    if strangers:
        share = _share(strangers["named_at_threshold"])
        lines.append(
            f"Of {strangers['pictures']} strangers {share} got a name they should not have."
        )
    return "\n".join(lines) or "Nobody has measured this version."


def busy(waiting: int, limit: int, latency_ms: float | None) -> str:
    queue = f"{waiting} of {limit} places in line are taken"
    return queue if latency_ms is None else f"{queue}; Discord is {latency_ms:.0f} ms away"


def _share(value: float) -> str:
    return f"{100 * value:.1f} %"


def latency(answers: int, half_s: float, most_s: float) -> str:
    """Of the last answers: within how many seconds half and 95 % of them were there."""
    return ngettext(
        "The last answer took {half} s.",
        "Of the last {count} answers half took at most {half} s, and 95 of 100 at most {most} s.",
        answers,
    ).format(count=answers, half=f"{half_s:.1f}", most=f"{most_s:.1f}")
