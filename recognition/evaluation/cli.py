"""Command line: ``python -m recognition evaluate faces|detection|whole|copies``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from recognition.evaluation.crops import Crops
from recognition.evaluation.errors import EvaluationError
from recognition.factory import CACHE, WEIGHTS
from recognition.types import Mode

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)

AsJson = Annotated[bool, typer.Option("--json", help="one JSON object on standard output")]
Report = Annotated[
    Path | None, typer.Option(help="folder for an HTML page; outside the repository")
]
Detector = Annotated[
    str | None,
    typer.Option(envvar="ANIWHOIS_DETECTOR", help="see whois --help", show_default="the bot's"),
]
Runtime = Annotated[
    str | None,
    typer.Option(envvar="ANIWHOIS_RUNTIME", help="see whois --help", show_default="the bot's"),
]
Weights = Annotated[Path, typer.Option(envvar="ANIWHOIS_WEIGHTS", help="folder with manifest.json")]
Cache = Annotated[
    Path, typer.Option(envvar="ANIWHOIS_CACHE", help="where exported graphs are kept")
]
Threads = Annotated[int, typer.Option(min=1, help="threads of one network call")]


@app.callback()
def main() -> None:
    """Measure what is shipped on your own pictures."""


@app.command()
def faces(
    pictures: Annotated[Path, typer.Option("--dir", help="folder or zip of face crops")],
    csv: Annotated[
        Path | None,
        typer.Option(help="columns file and character; without it, folders are characters"),
    ] = None,
    references: Annotated[
        Path | None, typer.Option(help="folder or zip, a folder a character: learned from five")
    ] = None,
    strangers: Annotated[
        list[Path] | None,
        typer.Option(
            help="folders or zips of people nobody should name",
            metavar="PATH ...",
            show_default=False,
        ),
    ] = None,
    more_strangers: Annotated[list[Path] | None, typer.Argument(hidden=True)] = None,
    split: Annotated[str | None, typer.Option(help="only lines with this split")] = None,
    crops: Annotated[Crops, typer.Option(help="crops as they are, or small faces cut out")] = (
        Crops.WHOLE
    ),
    as_json: AsJson = False,
    report: Report = None,
    detector: Detector = None,
    runtime: Runtime = None,
    threads: Threads = 2,
    weights: Weights = WEIGHTS,
    cache: Cache = CACHE,
) -> None:
    """Names on face crops, silence on strangers, and characters learned from five pictures."""
    from recognition.evaluation import tables
    from recognition.evaluation.faces import FacesTask, evaluate_faces
    from recognition.evaluation.report import check_report
    from recognition.factory import make_decider, open_encoder

    # An option takes one value: what follows the first path arrives as arguments.
    if more_strangers and not strangers:
        raise typer.BadParameter(f"unexpected: {' '.join(map(str, more_strangers))}")
    others = (*(strangers or ()), *(more_strangers or ()))
    task = FacesTask(pictures, csv, split, references, others, crops)

    def work() -> None:
        if report is not None:
            check_report(report)
        encoder = open_encoder(
            weights, cache=cache, threads=threads, **_chosen(detector=detector, runtime=runtime)
        )
        result = evaluate_faces(encoder, make_decider(weights), task, tables.progress)
        _show(result.figures, as_json, tables.print_faces)
        if report is not None:
            from recognition.evaluation.pages import write_faces_report

            _told(write_faces_report(result, report))

    _guarded(work)


@app.command()
def detection(
    annotations: Annotated[Path, typer.Option(help='lines {"file", "boxes", "ignore"}')],
    pictures: Annotated[Path, typer.Option(help="folder or zip that the files lie in")],
    as_json: AsJson = False,
    report: Report = None,
    detector: Detector = None,
    runtime: Runtime = None,
    threads: Threads = 2,
    weights: Weights = WEIGHTS,
    cache: Cache = CACHE,
) -> None:
    """Faces found against hand-drawn boxes: precision, recall, F1, by the faces' size."""
    from recognition.evaluation import tables
    from recognition.evaluation.detection import evaluate_detection
    from recognition.evaluation.report import check_report
    from recognition.factory import open_detector

    def work() -> None:
        if report is not None:
            check_report(report)
        chosen = _chosen(choice=detector, runtime=runtime)
        finder = open_detector(weights=weights, cache=cache, threads=threads, **chosen)
        result = evaluate_detection(finder, annotations, pictures, tables.progress)
        _show(result.figures, as_json, tables.print_detection)
        if report is not None:
            from recognition.evaluation.pages import write_detection_report

            _told(write_detection_report(result, report))

    _guarded(work)


@app.command()
def whole(
    pictures: Annotated[Path, typer.Option("--dir", help="folder or zip of whole pictures")],
    csv: Annotated[
        Path | None,
        typer.Option(help="columns file and character; without it, folders are characters"),
    ] = None,
    mode: Annotated[Mode, typer.Option(help="faces, whole, or faces and else whole")] = Mode.AUTO,
    as_json: AsJson = False,
    report: Report = None,
    detector: Detector = None,
    runtime: Runtime = None,
    threads: Threads = 2,
    weights: Weights = WEIGHTS,
    cache: Cache = CACHE,
) -> None:
    """The whole road: is the character among the names that a picture gets?"""
    from recognition.evaluation import tables
    from recognition.evaluation.report import check_report
    from recognition.evaluation.whole import evaluate_whole
    from recognition.factory import make_decider, open_encoder

    def work() -> None:
        if report is not None:
            check_report(report)
        encoder = open_encoder(
            weights, cache=cache, threads=threads, **_chosen(detector=detector, runtime=runtime)
        )
        result = evaluate_whole(
            encoder, make_decider(weights), pictures, csv, mode, tables.progress
        )
        _show(result.figures, as_json, tables.print_whole)
        if report is not None:
            from recognition.evaluation.pages import write_whole_report

            _told(write_whole_report(result, report))

    _guarded(work)


@app.command()
def copies(
    pictures: Annotated[Path, typer.Option("--dir", help="folder or zip of whole pictures")],
    half: Annotated[
        str, typer.Option(help="first, second or all: thresholds were set on the first")
    ] = "second",
    running: Annotated[int, typer.Option(min=1, help="pictures looked out for at a time")] = 20,
    most: Annotated[int, typer.Option(min=1, help="pictures that copies are made of")] = 400,
    as_json: AsJson = False,
    report: Report = None,
    detector: Detector = None,
    runtime: Runtime = None,
    threads: Threads = 2,
    weights: Weights = WEIGHTS,
    cache: Cache = CACHE,
) -> None:
    """Copies of quiz pictures that are known again, and other pictures that are let through."""
    from recognition.evaluation import tables
    from recognition.evaluation.copies import CopiesTask, evaluate_copies
    from recognition.evaluation.report import check_report
    from recognition.factory import open_detector

    if half not in ("first", "second", "all"):
        raise typer.BadParameter("first, second or all", param_hint="--half")

    def work() -> None:
        if report is not None:
            check_report(report)
        chosen = _chosen(choice=detector, runtime=runtime)
        finder = open_detector(weights=weights, cache=cache, threads=threads, **chosen)
        task = CopiesTask(pictures, half, running, most)
        result = evaluate_copies(finder, task, tables.progress)
        _show(result.figures, as_json, tables.print_copies)
        if report is not None:
            from recognition.evaluation.pages import write_copies_report

            _told(write_copies_report(result, report))

    _guarded(work)


def _chosen(**options: str | None) -> dict[str, Any]:
    """Those that were given: what was not is as the bot would have it."""
    return {name: value for name, value in options.items() if value is not None}


def _told(path: Path) -> None:
    typer.echo(f"report: {path}", err=True)


def _guarded(work: Callable[[], None]) -> None:
    """Runs `work`; what is wrong with the material becomes one line and exit code 2."""
    try:
        work()
    except EvaluationError as error:
        typer.echo(f"evaluate: {type(error).__name__}: {error}", err=True)
        raise typer.Exit(2) from error


def _show(figures: dict[str, Any], as_json: bool, table: Callable[[dict[str, Any]], None]) -> None:
    if as_json:
        typer.echo(json.dumps(figures, ensure_ascii=False))
    else:
        table(figures)
