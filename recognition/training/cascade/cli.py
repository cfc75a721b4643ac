"""Command line: ``python -m recognition.training cascade [label|tune|export]``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from recognition.factory import CACHE, WEIGHTS

app = typer.Typer(no_args_is_help=False, pretty_exceptions_enable=False, add_completion=False)

DataFolder = Annotated[Path, typer.Option(envvar="ANIWHOIS_DATA", help="the data folder")]
WeightsFolder = Annotated[Path, typer.Option(envvar="ANIWHOIS_WEIGHTS", help="weights folder")]
Labels = Annotated[Path, typer.Option(help="where our detector saw faces; made if missing")]
LABELS = Path("runs/cascade-labels.jsonl")


@app.callback(invoke_without_command=True)
def train(
    context: typer.Context,
    config: Annotated[Path | None, typer.Option(help="TOML file with settings of a run")] = None,
    data: DataFolder = Path("../shared/data"),
    weights: WeightsFolder = WEIGHTS,
    labels: Labels = LABELS,
    out: Annotated[Path | None, typer.Option(help="run folder")] = None,
    seed: Annotated[int | None, typer.Option()] = None,
    stages: Annotated[int | None, typer.Option(help="most stages")] = None,
    resume: Annotated[bool, typer.Option(help="go on after the run folder's last stage")] = True,
) -> None:
    """Trains an OpenCV cascade, RUN/cascade.xml. Labels the material first if need be."""
    if context.invoked_subcommand is not None:
        return
    from recognition.training.cascade.config import load_config
    from recognition.training.cascade.labels import open_labeller, write_labels
    from recognition.training.cascade.loop import train as run

    overrides = {"data": data, "labels": labels, "out": out, "seed": seed, "stages": stages}
    settings = load_config(config, overrides)
    if not settings.labels.is_file():
        write_labels(settings.data, settings.labels, open_labeller(weights))
    typer.echo(f"cascade: {run(settings, resume=resume)}")


@app.command()
def label(
    data: DataFolder = Path("../shared/data"),
    weights: WeightsFolder = WEIGHTS,
    out: Annotated[Path, typer.Option(help="file to write")] = LABELS,
) -> None:
    """Writes where our neural detector sees faces in the training material."""
    from recognition.training.cascade.labels import open_labeller, write_labels

    typer.echo(f"labels: {write_labels(data, out, open_labeller(weights))}")


@app.command()
def tune(
    run: Annotated[Path, typer.Argument(help="run folder of a trained cascade")],
    data: DataFolder = Path("../shared/data"),
    labels: Labels = LABELS,
) -> None:
    """Measures thresholds on the pictures kept out of the training."""
    from recognition.training.cascade.tune import show, trained_spec, tune_run

    show(tune_run(run, data, labels, trained_spec(run)))


@app.command()
def export(
    run: Annotated[Path, typer.Argument(help="run folder of a trained cascade")],
    data: DataFolder = Path("../shared/data"),
    weights: Annotated[Path, typer.Option(help="folder to write into")] = WEIGHTS,
    labels: Labels = LABELS,
    settings: Annotated[str, typer.Option(help="JSON, replaces settings of `tune`")] = "{}",
) -> None:
    """Writes cascade.xml and its section of the manifest: tuned, then measured."""
    from recognition.training.cascade.export import export_run

    typer.echo(f"weights: {export_run(run, data, weights, labels, json.loads(settings))}")


def compare_detectors(
    data: DataFolder = Path("../shared/data"),
    weights: WeightsFolder = WEIGHTS,
    cache: Annotated[Path, typer.Option(envvar="ANIWHOIS_CACHE")] = CACHE,
    threads: Annotated[int, typer.Option(help="threads of one call")] = 2,
) -> None:
    """Measures the old web app's cascade, ours and our network; a JSON line each, then a table."""
    from recognition.training.cascade.compare import compare_detectors as compare
    from recognition.training.detector.report import table

    results = compare(weights, data, cache, threads)
    for result in results:
        typer.echo(json.dumps(result))
    table(results)


if __name__ == "__main__":
    app()
