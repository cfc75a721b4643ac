"""Command line: ``python -m recognition.training train --config FILE``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from recognition.factory import CACHE, WEIGHTS
from recognition.training.detector.cli import app as detector

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)
app.add_typer(detector, name="detector")


@app.callback()
def main() -> None:
    """Train, measure and export the networks."""


@app.command()
def train(
    config: Annotated[Path, typer.Option(help="TOML file, see recognition/training/configs/")],
    data: Annotated[Path | None, typer.Option(help="ImageFolder of characters")] = None,
    out: Annotated[Path | None, typer.Option(help="run folder")] = None,
    start: Annotated[str | None, typer.Option(help="random, imagenet or a file")] = None,
    seed: Annotated[int | None, typer.Option()] = None,
    threads: Annotated[int | None, typer.Option()] = None,
    resume: Annotated[bool, typer.Option(help="go on from the run folder's checkpoint")] = True,
) -> None:
    """Trains an embedding network; resumes where the run folder has a checkpoint."""
    from recognition.training.config import load_config
    from recognition.training.loop import train as run

    overrides = {"data": data, "out": out, "start": start, "seed": seed, "threads": threads}
    typer.echo(f"checkpoint: {run(load_config(config, overrides), resume=resume)}")


DataFolder = Annotated[
    Path, typer.Option(envvar="ANIWHOIS_DATA", help="folder with faces, patches, strangers, whole")
]


@app.command()
def prepare(
    data: DataFolder = Path("../shared/data"),
    out: Annotated[Path, typer.Option(help="folder to write")] = Path("runs/material"),
    weights: Annotated[Path, typer.Option(envvar="ANIWHOIS_WEIGHTS")] = WEIGHTS,
    cache: Annotated[Path, typer.Option(envvar="ANIWHOIS_CACHE")] = CACHE,
) -> None:
    """Gathers the training material and its splits, with the help of the shipped weights."""
    from recognition.factory import make_decider, open_encoder
    from recognition.training.material import gather

    encoder = open_encoder(weights, cache=cache)
    counts = gather(data, out, encoder, make_decider(weights))
    typer.echo(json.dumps(counts, indent=2))


@app.command()
def evaluate(
    data: DataFolder = Path("../shared/data"),
    weights: Annotated[Path, typer.Option(envvar="ANIWHOIS_WEIGHTS")] = WEIGHTS,
    cache: Annotated[Path, typer.Option(envvar="ANIWHOIS_CACHE")] = CACHE,
) -> None:
    """Measures the shipped embedding, gallery and decision rule, through the serving runtime."""
    from recognition.training.evaluate import evaluate_shipped

    typer.echo(json.dumps(evaluate_shipped(weights, data, cache), indent=2))


@app.command()
def export(
    run: Annotated[Path, typer.Argument(help="run folder of a trained network")],
    data: DataFolder = Path("../shared/data"),
    weights: Annotated[Path, typer.Option(help="folder to write into")] = Path("weights"),
    face_margin: Annotated[float, typer.Option(help="crop side / box side")] = 1.7,
) -> None:
    """Builds the gallery, fits the decision rules, measures, and writes it all into weights/."""
    from recognition.training.export import export_run

    measured = export_run(run, data, weights, face_margin=face_margin)
    typer.echo(json.dumps(measured, indent=2))


if __name__ == "__main__":
    app()
