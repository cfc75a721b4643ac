"""What stands in the report of each evaluation."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from recognition.errors import PictureError
from recognition.evaluation import plots
from recognition.evaluation.answers import probabilities, right
from recognition.evaluation.copies import CopiesResult
from recognition.evaluation.detection import IOUS, DetectedPicture, DetectionResult
from recognition.evaluation.faces import FacesResult, Judged
from recognition.evaluation.matching import Matched
from recognition.evaluation.report import Page, Shown, thumbnail
from recognition.evaluation.source import PictureSource
from recognition.evaluation.whole import JudgedPicture, WholeResult
from recognition.images import decode_picture

WORST = 24
"""Pictures shown of each kind of mistake."""


def write_faces_report(result: FacesResult, folder: Path) -> Path:
    """The page of ``evaluate faces``. Raises ReportRefused, PlotsMissing."""
    figures = result.figures
    page = Page("Names on faces", figures)
    scalars = [(k, v) for k, v in figures.items() if isinstance(v, int | float | str)]
    page.table(("figure", "value"), [*scalars, *figures["known"].items()])
    if figures["strangers"]:
        rows = [
            (source, r["pictures"], r["named"], r["named_at_90"], r["auroc"])
            for source, r in figures["strangers"].items()
        ]
        page.table(("strangers", "pictures", "named", "named at 90 %", "AUROC"), rows)
    known = [j.answer for j in result.known]
    hits = right(known, [j.truth or "" for j in result.known])
    by_source = {s: probabilities([j.answer for j in js]) for s, js in result.strangers.items()}
    if known:
        p = probabilities(known)
        page.heading("Names and silence")
        page.plot(
            plots.plot_naming(p, hits, by_source, figures["threshold"]),
            "Shares of known faces and of strangers that get a name, by threshold",
        )
        pooled = np.concatenate([*by_source.values(), np.zeros(0)])
        page.plot(
            plots.plot_probabilities(p, hits, pooled),
            "Histogram of probabilities, and how often they are right",
        )
        page.heading("By character")
        shares = {c: (row["top1"], row["pictures"]) for c, row in figures["characters"].items()}
        page.plot(plots.plot_by_character(shares), "Top-1 of the characters known least well")
    if result.few_shot and result.few_shot.draws:
        page.heading("Learned from five pictures")
        draws = result.few_shot.draws
        page.plot(
            plots.plot_draws(
                {
                    "all characters": [d.top1 for d in draws],
                    "among the enrolled": [d.top1_among for d in draws],
                    "named rightly": [d.named_right for d in draws],
                }
            ),
            "Top-1 of enrolled characters, one dot a draw",
        )
    wrong = [j for j, hit in zip(result.known, hits, strict=True) if not hit]
    silent = [j for j, hit in zip(result.known, hits, strict=True) if hit and not j.answer.named]
    named = [j for many in result.strangers.values() for j in many if j.answer.named]
    for title, mistakes, sign in (
        ("Known, and taken for somebody else (surest first)", wrong, -1),
        ("Strangers who got a name (surest first)", named, -1),
        ("Known, and not named (least sure first)", silent, 1),
    ):
        page.heading(f"{title}: {len(mistakes)}")
        mistakes.sort(key=lambda j: (sign * j.answer.probability, j.label.file))
        page.pictures([s for j in mistakes[:WORST] for s in _face(j)])
    return page.write(folder)


def _face(judged: Judged) -> list[Shown]:
    answer = judged.answer
    who = judged.truth or judged.label.character or "a stranger"
    says = f"{'says' if answer.named else 'unsure:'} {answer.nearest} {answer.probability:.0%}"
    box = judged.label.box
    boxes = [] if box is None else [np.array([[box.x0, box.y0, box.x1, box.y1]], np.float32)]
    return _shown(
        judged.source,
        judged.label.file,
        f"{who}; {says}; {judged.label.file}",
        [(b, "#d55e00") for b in boxes],
    )


def write_detection_report(result: DetectionResult, folder: Path) -> Path:
    """The page of ``evaluate detection``. Raises ReportRefused, PlotsMissing."""
    figures = result.figures
    page = Page("Finding faces", figures)
    head = ("IoU", "precision", "recall", "F1", "found", "false", "missed")
    rows = [(iou, *figures[f"iou_{iou}"].values()) for iou in IOUS]
    page.table(head, rows)
    page.heading("By the face's longer side")
    by_size = figures["by_size_px"]
    at = f"iou_{IOUS[0]}"
    page.plot(
        plots.plot_by_size(
            {
                size: (
                    row[at]["precision"],
                    row[at]["recall"],
                    row[at]["found"] + row[at]["missed"],
                )
                for size, row in by_size.items()
            }
        ),
        f"Precision and recall at IoU {IOUS[0]} by size",
    )
    worst = sorted(
        (p for p in result.pictures if _errors(p.matched[IOUS[0]])),
        key=lambda p: (-_errors(p.matched[IOUS[0]]), p.truth.file),
    )
    page.heading(f"Pictures with mistakes at IoU {IOUS[0]}: {len(worst)}")
    page.text("Green: found. Orange: missed. Red: no face. Grey: counts neither way.")
    page.pictures([s for p in worst[:WORST] for s in _detected(result.source, p)])
    return page.write(folder)


def _errors(matched: Matched) -> int:
    return len(matched.false) + len(matched.missed)


def _detected(source: PictureSource, picture: DetectedPicture) -> list[Shown]:
    matched = picture.matched[IOUS[0]]
    boxes = [
        (picture.truth.ignore, "#8a8f99"),
        (picture.found[[i for i, _ in matched.hits]], "#009e73"),
        (picture.truth.boxes[list(matched.missed)], "#e69f00"),
        (picture.found[list(matched.false)], "#d40000"),
    ]
    caption = f"{len(matched.false)} false, {len(matched.missed)} missed; {picture.truth.file}"
    return _shown(source, picture.truth.file, caption, boxes)


def write_whole_report(result: WholeResult, folder: Path) -> Path:
    """The page of ``evaluate whole``. Raises ReportRefused, PlotsMissing."""
    figures = result.figures
    page = Page("The whole road", figures)
    page.table(
        ("figure", "value"),
        [(k, v) for k, v in figures.items() if isinstance(v, int | float | str)],
    )
    if figures["by_character"]:
        page.heading("By character")
        shares = {c: (r["top1"], r["pictures"]) for c, r in figures["by_character"].items()}
        page.plot(plots.plot_by_character(shares), "Share right of the worst characters")
    wrong = [j for j in result.judged if j.truth and j.named and not j.right]
    silent = [j for j in result.judged if j.truth and not j.named]
    named = [j for j in result.judged if not j.truth and j.named]
    for title, mistakes in (
        ("Named, and wrongly", wrong),
        ("Known, and not named", silent),
        ("Not in the gallery, and named", named),
    ):
        page.heading(f"{title}: {len(mistakes)}")
        page.pictures([s for j in _spread_out(mistakes) for s in _whole(result.source, j)])
    return page.write(folder)


def write_copies_report(result: CopiesResult, folder: Path) -> Path:
    """The page of ``evaluate copies``. Raises ReportRefused, PlotsMissing."""
    figures = result.figures
    page = Page("Copies of quiz pictures", figures)
    scalars = [(k, v) for k, v in figures.items() if isinstance(v, int | float | str)]
    page.table(("figure", "value"), scalars)
    rows = [(kind, row["copies"], row["declined"]) for kind, row in figures["by_kind"].items()]
    page.table(("copy", "copies", "declined"), rows)
    page.heading(f"Other pictures, and declined: {len(result.declined)}")
    for one in result.declined[:WORST]:
        caption = f"{one.by} {one.score}; {one.file}"
        both = _shown(result.source, one.file, caption, [])
        page.pictures([*both, *_shown(result.source, one.taken_for, one.taken_for, [])])
    for kind, files in result.missed.items():
        if files:
            page.heading(f"Not known again, {kind}: {len(files)}")
            page.pictures([s for f in files[:WORST] for s in _shown(result.source, f, f, [])])
    return page.write(folder)


def _spread_out(mistakes: Sequence[JudgedPicture]) -> list[JudgedPicture]:
    """Some of them, from all over the list, so that one character does not fill the page."""
    step = max(1, -(-len(mistakes) // WORST))
    return list(mistakes[::step])


def _whole(source: PictureSource, judged: JudgedPicture) -> list[Shown]:
    who = judged.truth or judged.label.shown
    says = f"says {', '.join(judged.named)}" if judged.named else "says nobody"
    caption = f"{who}; {says}; nearest {', '.join(judged.nearest)}; {judged.label.file}"
    return _shown(source, judged.label.file, caption, [])


def _shown(
    source: PictureSource, file: str, caption: str, boxes: Sequence[tuple[np.ndarray, str]]
) -> list[Shown]:
    """The picture, or nothing where it has gone since it was measured."""
    try:
        return [Shown(thumbnail(decode_picture(source.read(file)), boxes), caption)]
    except (PictureError, OSError):
        return []
