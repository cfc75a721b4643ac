"""Figures as tables on a terminal, and progress on standard error."""

from __future__ import annotations

import sys
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

SHOWN_SKIPS = 10


def progress(what: str, done: int, total: int) -> None:
    """One line that is written over, only where somebody watches."""
    if sys.stderr.isatty() and total:
        end = "\n" if done == total else "\r"
        typer.echo(f"{what}: {done} of {total}{end}", err=True, nl=False)


def print_faces(figures: dict[str, Any]) -> None:
    """What ``evaluate faces`` found out."""
    console = Console()
    known = figures["known"]
    table = Table("figure", "value", title=f"{known['pictures']} faces of known characters")
    for key, label in (
        ("top1", "nearest is right (top-1)"),
        ("top5", "among the five nearest (top-5)"),
        ("macro_top1", "top-1, mean over characters"),
        ("known_named", "get a name"),
        ("auroc", "AUROC, known against strangers"),
        ("strangers_named", "strangers who get a name"),
        ("strangers_named_at_90", "the same when 90 % of the known are named rightly"),
        ("few_shot_top1", "top-1 of characters learned from five pictures"),
    ):
        table.add_row(label, share_text(figures[key]) if key != "auroc" else _number(figures[key]))
    table.add_row("named rightly", share_text(known["named_right"]))
    table.add_row("named wrongly", share_text(known["named_wrong"]))
    console.print(table)
    if figures["strangers"]:
        strangers = Table("strangers", "pictures", "named", "at 90 %", "AUROC")
        for source, row in figures["strangers"].items():
            strangers.add_row(
                source,
                str(row["pictures"]),
                share_text(row["named"]),
                share_text(row["named_at_90"]),
                _number(row["auroc"]),
            )
        console.print(strangers)
    if figures["few_shot"]:
        print_spread(console, figures["few_shot"])
    if figures["not_in_gallery"]:
        listed = ", ".join(f"{name} ({n})" for name, n in figures["not_in_gallery"].items())
        console.print(f"Not in the gallery, counted as strangers: {listed}")
    print_skipped(console, figures["skipped"])


def print_spread(console: Console, few_shot: dict[str, Any]) -> None:
    """The row of the characters learned from five pictures."""
    table = Table("learned from five pictures", "mean", "std over draws")
    for key, value in few_shot.items():
        if isinstance(value, dict):
            table.add_row(key, _number(value["mean"]), _number(value["std"]))
        else:
            table.add_row(key, str(value), "")
    console.print(table)


def print_skipped(console: Console, skipped: list[dict[str, str]]) -> None:
    """How many pictures were left out, and the first of them."""
    if not skipped:
        return
    console.print(f"{len(skipped)} pictures were left out:")
    for entry in skipped[:SHOWN_SKIPS]:
        console.print(f"  {entry['file']}: {entry['reason']}", markup=False, highlight=False)
    if len(skipped) > SHOWN_SKIPS:
        console.print(f"  and {len(skipped) - SHOWN_SKIPS} more (all with --json)")


def share_text(value: float | None) -> str:
    """A share from 0 to 1 as people read it."""
    return "" if value is None else f"{value:.1%}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"
