"""Command line: ``python -m recognition whois PICTURE...``."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from recognition.errors import PictureError, WeightsError
from recognition.evaluation.cli import app as evaluate
from recognition.factory import CACHE, WEIGHTS, open_encoder, open_gallery
from recognition.types import Match, Mode, Recognition

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)
app.add_typer(evaluate, name="evaluate")

Pictures = Annotated[list[Path], typer.Argument(help="picture files", metavar="PICTURE...")]
Detector = Annotated[
    str,
    typer.Option(
        envvar="ANIWHOIS_DETECTOR", help="neural, cascade, upstream or the path of a cascade"
    ),
]
Runtime = Annotated[str, typer.Option(envvar="ANIWHOIS_RUNTIME", help="auto, int8, onnx or torch")]
Weights = Annotated[Path, typer.Option(envvar="ANIWHOIS_WEIGHTS", help="folder with manifest.json")]
Cache = Annotated[
    Path, typer.Option(envvar="ANIWHOIS_CACHE", help="where exported graphs are kept")
]


@app.callback()
def main() -> None:
    """Who is in this picture? The recogniser on its own, without Discord."""


@app.command()
def whois(
    pictures: Pictures,
    mode: Annotated[Mode, typer.Option(help="faces, whole, or faces and else whole")] = Mode.AUTO,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON line a picture")] = False,
    save: Annotated[Path | None, typer.Option(help="folder for the annotated pictures")] = None,
    detector: Detector = "neural",
    runtime: Runtime = "auto",
    weights: Weights = WEIGHTS,
    cache: Cache = CACHE,
) -> None:
    """Names the characters in pictures. Exit code 1 when a picture could not be used."""
    from recognition.annotate import annotate
    from recognition.factory import make_decider
    from recognition.report import recognition_json

    encoder = open_encoder(weights, detector=detector, runtime=runtime, cache=cache)
    decide = make_decider(weights)
    failed = False
    for path in pictures:
        try:
            data = path.read_bytes()
            recognition = decide(encoder.encode(data, mode), mode)
            started = time.perf_counter()
            annotated = annotate(data, recognition) if save else None
            drawing_ms = (time.perf_counter() - started) * 1e3
        except (PictureError, OSError) as error:
            failed = True
            problem = {"picture": str(path), "error": type(error).__name__, "detail": str(error)}
            if as_json:
                print(json.dumps(problem, ensure_ascii=False), flush=True)
            else:
                print(f"{path}: {type(error).__name__}: {error}", file=sys.stderr)
            continue
        if save and annotated:
            save.mkdir(parents=True, exist_ok=True)
            (save / f"{path.stem}.whois.{annotated.suffix}").write_bytes(annotated.data)
            recognition = _with_timing(recognition, "annotate", drawing_ms)
        if as_json:
            report = recognition_json(str(path), recognition)
            print(json.dumps(report, ensure_ascii=False), flush=True)
        else:
            _print_table(path, recognition)
    raise typer.Exit(1 if failed else 0)


@app.command()
def gallery(weights: Weights = WEIGHTS) -> None:
    """Lists whom the shipped gallery knows, by series."""
    known = open_gallery(weights)
    table = Table("series", "character", "id", title=f"{len(known)} characters, {known.model_id}")
    for character in sorted(known, key=lambda c: (c.series, c.name)):
        table.add_row(character.series, character.name, character.id)
    Console().print(table)


@app.command()
def benchmark(
    pictures: Pictures,
    rounds: Annotated[int, typer.Option(min=1, help="times each picture goes each way")] = 5,
    callers: Annotated[int, typer.Option(min=1, help="concurrent callers")] = 4,
    old_cascade: Annotated[
        Path | None, typer.Option(help="cascade file of the old way; found by itself if fetched")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
    detector: Detector = "neural",
    runtime: Runtime = "auto",
    weights: Weights = WEIGHTS,
    cache: Cache = CACHE,
) -> None:
    """Times the whole road by stage, and the way of the old web app in the same run, in turn."""
    from recognition.benchmark import find_old_cascade, run_benchmark

    old_cascade = old_cascade or find_old_cascade(weights)
    if old_cascade is None:
        print(
            "The old way is not timed: no cascade (scripts/setup --upstream-cascade fetches it).",
            file=sys.stderr,
        )
    result = run_benchmark(
        pictures,
        rounds=rounds,
        callers=callers,
        old_cascade=old_cascade,
        detector=detector,
        runtime=runtime,
        weights=weights,
        cache=cache,
    )
    if as_json:
        print(json.dumps(result))
        return
    table = Table("figure", "value")
    for key, value in result.items():
        table.add_row(key, json.dumps(value))
    Console().print(table)


def _with_timing(recognition: Recognition, stage: str, ms: float) -> Recognition:
    from dataclasses import replace

    return replace(recognition, timings_ms={**recognition.timings_ms, stage: ms})


def _print_table(path: Path, recognition: Recognition) -> None:
    w, h = recognition.size
    table = Table("#", "who", "how sure", "runner-up", "box", title=f"{path} ({w} x {h})")
    rows = [(str(i + 1), face) for i, face in enumerate(recognition.faces)]
    for number, answer in rows:
        table.add_row(number, *_row(answer.decision, answer.candidates), str(answer.box.as_ints()))
    if recognition.whole:
        row = _row(recognition.whole.decision, recognition.whole.candidates)
        table.add_row("whole", *row, "no face looked for" if not rows else "")
    Console().print(table)


def _row(decision: object, candidates: tuple[object, ...]) -> tuple[str, str, str]:
    from recognition.types import Candidate, Unknown

    assert isinstance(decision, Match | Unknown)
    name = decision.name if isinstance(decision, Match) else "unknown"
    shown = [c for c in candidates if isinstance(c, Candidate)]
    runner = shown[1 if isinstance(decision, Match) else 0 :][:1]
    return (
        name,
        f"{decision.probability:.0%}",
        f"{runner[0].name} {runner[0].probability:.0%}" if runner else "",
    )


if __name__ == "__main__":
    try:
        app()
    except WeightsError as error:
        sys.exit(f"weights: {type(error).__name__}: {error}")
