"""Command line: ``python -m recognition.training detector train|label|evaluate|export``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

REVIEWED = Path(__file__).parent / "reviewed.jsonl"
"""Boxes of training pictures that were checked by eye; coordinates and file names only."""

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)


@app.callback()
def main() -> None:
    """Train, measure and export the face detector."""


@app.command()
def train(
    config: Annotated[Path, typer.Option(help="TOML file, see recognition/training/configs/")],
    data: Annotated[Path | None, typer.Option(help="the data folder")] = None,
    out: Annotated[Path | None, typer.Option(help="run folder")] = None,
    start: Annotated[str | None, typer.Option(help="random or a file")] = None,
    labels: Annotated[str | None, typer.Option(help="boxes of an earlier round")] = None,
    seed: Annotated[int | None, typer.Option()] = None,
    threads: Annotated[int | None, typer.Option()] = None,
    resume: Annotated[bool, typer.Option(help="go on from the run folder's checkpoint")] = True,
) -> None:
    """Trains the detector; resumes where the run folder has a checkpoint."""
    from recognition.training.detector.config import load_config
    from recognition.training.detector.loop import train as run

    overrides = {
        "data": data,
        "out": out,
        "start": start,
        "labels": labels,
        "seed": seed,
        "threads": threads,
    }
    typer.echo(f"checkpoint: {run(load_config(config, overrides), resume=resume)}")


@app.command()
def label(
    run: Annotated[Path, typer.Argument(help="run or weights folder whose network labels")],
    out: Annotated[Path, typer.Option(help="file to write, for `train --labels`")],
    data: Annotated[Path, typer.Option(help="the data folder")] = Path("../shared/data"),
    reviewed: Annotated[Path | None, typer.Option(help="boxes checked by eye")] = REVIEWED,
    sure: Annotated[float, typer.Option(help="score from which a detection is a face")] = 0.55,
    possible: Annotated[float, typer.Option(help="score from which it may be one")] = 0.42,
) -> None:
    """Labels all material with what a trained network is sure of (a self-training round)."""
    from recognition.training.detector.label import LabelRule
    from recognition.training.detector.label import label as run_label

    rule = LabelRule(sure=sure, possible=possible)
    typer.echo(f"labels: {run_label(run, data, out, reviewed, rule)}")


@app.command()
def photographs(
    unpacked: Annotated[Path, typer.Argument(help="a folder for each package, see docs")],
    out: Annotated[Path, typer.Option(help="folder to fill")] = Path("runs/photographs"),
) -> None:
    """Picks the photographs without anime faces out of unpacked packages (docs/detector.md)."""
    from recognition.training.detector.photographs import gather

    copied, missing = gather(unpacked, out)
    typer.echo(f"{copied} photographs in {out}, {len(missing)} missing")
    for name in missing:
        typer.echo(f"missing: {name}", err=True)


@app.command()
def evaluate(
    path: Annotated[Path, typer.Argument(help="weights folder, run folder or cascade file")],
    detector: Annotated[str, typer.Option(help="neural or cascade")] = "neural",
    data: Annotated[Path, typer.Option(help="the data folder")] = Path("../shared/data"),
    runtime: Annotated[str, typer.Option(help="auto, int8, onnx or torch")] = "auto",
    threads: Annotated[int, typer.Option(help="threads of one network call")] = 2,
    full_size: Annotated[bool, typer.Option(help="cascade: do not shrink large pictures")] = False,
    settings: Annotated[str, typer.Option(help="JSON, replaces settings of the manifest")] = "{}",
) -> None:
    """Measures a detector; prints one JSON line, then a table."""
    from recognition.training.detector.evaluate import evaluate as run_evaluate
    from recognition.training.detector.report import open_for_evaluation, table

    found = open_for_evaluation(detector, path, runtime, threads, full_size, json.loads(settings))
    result = run_evaluate(found, data)
    typer.echo(json.dumps(result))
    table([result])


@app.command()
def clock(
    weights: Annotated[Path, typer.Argument(help="weights folder")],
    variant: Annotated[
        list[str], typer.Option(help="JSON, replaces settings of the manifest; also runtime")
    ],
    data: Annotated[Path, typer.Option(help="the data folder")] = Path("../shared/data"),
    side: Annotated[int, typer.Option(help="longer side of the pictures, px")] = 640,
    threads: Annotated[int, typer.Option(help="threads of one network call")] = 2,
    repeat: Annotated[int, typer.Option(help="rounds over the pictures")] = 3,
) -> None:
    """Times variants of the shipped detector in turn, on the same pictures, in one run."""
    from recognition.training.detector.clock import clock as run_clock
    from recognition.training.detector.clock import show

    show(run_clock(weights, variant, data, side, threads, repeat))


@app.command()
def export(
    run: Annotated[Path, typer.Argument(help="run folder")],
    weights: Annotated[Path, typer.Option(help="weights folder")] = Path("weights"),
    data: Annotated[Path, typer.Option(help="the data folder, for measuring")] = Path(
        "../shared/data"
    ),
    settings: Annotated[str, typer.Option(help="JSON, replaces default settings")] = "{}",
) -> None:
    """Writes the half-precision weights and their section of the manifest, measured."""
    from recognition.training.detector.export import export as run_export
    from recognition.training.detector.export import write_ranges
    from recognition.training.detector.report import measure_exported

    changes = {k: tuple(v) if isinstance(v, list) else v for k, v in json.loads(settings).items()}
    path = run_export(run, weights, changes, {})
    typer.echo(f"weights: {path}")
    if data.is_dir():
        write_ranges(weights, data)
        measure_exported(weights, data)


@app.command()
def measure(
    weights: Annotated[Path, typer.Argument(help="weights folder")] = Path("weights"),
    data: Annotated[Path, typer.Option(help="the data folder")] = Path("../shared/data"),
    settings: Annotated[str, typer.Option(help="JSON, replaces settings in the manifest")] = "{}",
) -> None:
    """Measures the detector in weights/ with the settings given, and writes both down."""
    from recognition.training.detector.export import change_settings
    from recognition.training.detector.report import measure_exported

    changes = {k: tuple(v) if isinstance(v, list) else v for k, v in json.loads(settings).items()}
    change_settings(weights, changes)
    measure_exported(weights, data)


if __name__ == "__main__":
    app()
