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


def print_copies(figures: dict[str, Any]) -> None:
    """What ``evaluate copies`` found out."""
    console = Console()
    n = figures["running"]
    table = Table("copy", "copies", "declined", title=f"{n} pictures looked out for at a time")
    for kind, row in figures["by_kind"].items():
        table.add_row(kind.replace("_", ", "), str(row["copies"]), share_text(row["declined"]))
    table.add_row("all", "", share_text(figures["declined"]))
    table.add_row(
        "other pictures", str(figures["unrelated"]), share_text(figures["unrelated_declined"])
    )
    console.print(table)
    console.print(
        f"{figures['find_ms']} ms a picture (95 % below {figures['find_ms_95']} ms), "
        f"{figures['bytes']:,} bytes a print; {figures['same_picture_twice']} pictures are there "
        f"twice, {figures['same_drawing']} show a drawing that is in another one, too: not counted"
    )
    print_skipped(console, figures["skipped"])


def print_detection(figures: dict[str, Any]) -> None:
    """What ``evaluate detection`` found out."""
    console = Console()
    title = f"{figures['faces']} faces in {figures['pictures']} pictures, {figures['detector']}"
    table = Table("longer side, px", "IoU", "precision", "recall", "F1", "faces", title=title)
    rows = {"all": figures} | figures["by_size_px"]
    for size, row in rows.items():
        for iou in ("0.4", "0.5"):
            r = row[f"iou_{iou}"]
            shares = [share_text(r[key]) for key in ("precision", "recall", "f1")]
            table.add_row(size, iou, *shares, str(r["found"] + r["missed"]))
    console.print(table)
    print_skipped(console, figures["skipped"])


def print_whole(figures: dict[str, Any]) -> None:
    """What ``evaluate whole`` found out."""
    console = Console()
    title = f"{figures['pictures']} pictures of {figures['characters']} characters"
    table = Table("figure", "value", title=f"{title}, mode {figures['mode']}")
    without, others = figures["without_a_face"], figures["not_in_gallery"]
    for label, value in (
        ("named rightly (top1)", figures["top1"]),
        ("the same, mean over characters", figures["macro_top1"]),
        (
            f"of characters with 20 or more ({figures['pictures_of_many']} pictures)",
            figures["top1_many"],
        ),
        ("named, and wrongly", figures["named_wrong"]),
        ("nearest is right, named or not", figures["nearest_top1"]),
        ("the same of characters with 20 or more", figures["nearest_top1_many"]),
        (f"named rightly without a face ({without['pictures']} pictures)", without["top1"]),
        (f"not in the gallery, named ({others['pictures']} pictures)", others["named"]),
    ):
        table.add_row(label, share_text(value))
    console.print(table)
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
