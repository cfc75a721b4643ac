"""Command line: ``python -m recognition.training train --config FILE``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from recognition.factory import CACHE, WEIGHTS
from recognition.training.cascade.cli import app as cascade
from recognition.training.cascade.cli import compare_detectors
from recognition.training.detector.cli import app as detector

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)
app.add_typer(detector, name="detector")
app.add_typer(cascade, name="cascade")
app.command(name="compare-detectors")(compare_detectors)


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


WeightsFolder = Annotated[Path, typer.Option(envvar="ANIWHOIS_WEIGHTS")]
MaterialFolder = Annotated[Path, typer.Option(help="what prepare wrote")]
PhotographsFolder = Annotated[Path, typer.Option(help="what detector photographs filled")]
FoldsConfig = Annotated[
    Path | None,
    typer.Option(help="the folds' TOML file; without: what the manifest keeps of them"),
]
CacheFolder = Annotated[Path, typer.Option(envvar="ANIWHOIS_CACHE")]


@app.command()
def prepare(
    data: DataFolder = Path("../shared/data"),
    out: Annotated[Path, typer.Option(help="folder to write")] = Path("runs/material"),
    weights: WeightsFolder = WEIGHTS,
    cache: CacheFolder = CACHE,
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
    weights: WeightsFolder = WEIGHTS,
    cache: CacheFolder = CACHE,
    runtime: Annotated[str, typer.Option(help="auto, int8, onnx or torch")] = "auto",
) -> None:
    """Measures the shipped embedding, gallery and decision rule, through the serving runtime."""
    from recognition.training.evaluate import evaluate_shipped

    typer.echo(json.dumps(evaluate_shipped(weights, data, cache, runtime), indent=2))


@app.command()
def export(
    run: Annotated[Path, typer.Argument(help="run folder of a trained network")],
    data: DataFolder = Path("../shared/data"),
    weights: WeightsFolder = WEIGHTS,
    cache: CacheFolder = CACHE,
    material: MaterialFolder = Path("runs/material"),
    face_margin: Annotated[float, typer.Option(help="crop side / box side")] = 1.7,
    photographs: PhotographsFolder = Path("runs/photographs"),
    folds: FoldsConfig = None,
) -> None:
    """Writes a trained network into weights/, then does what `calibrate` does."""
    from recognition.training.export import export_run

    export_run(run, data, weights, cache, face_margin=face_margin)
    calibrate(data, weights, cache, material, run, photographs=photographs, folds=folds)


@app.command()
def whiten(
    data: DataFolder = Path("../shared/data"),
    weights: WeightsFolder = WEIGHTS,
    cache: CacheFolder = CACHE,
) -> None:
    """Fits the last layer of the network in weights/ anew, as `export` does; calibrate after it."""
    from recognition.training.export import whiten_weights

    whiten_weights(weights, data, cache)


@app.command()
def calibrate(
    data: DataFolder = Path("../shared/data"),
    weights: WeightsFolder = WEIGHTS,
    cache: CacheFolder = CACHE,
    material: MaterialFolder = Path("runs/material"),
    plots: Annotated[Path, typer.Option(help="folder for the curves")] = Path("runs/calibration"),
    runtime: Annotated[str, typer.Option(help="auto, int8, onnx or torch")] = "onnx",
    photographs: PhotographsFolder = Path("runs/photographs"),
    folds: FoldsConfig = None,
) -> None:
    """Builds the gallery of the network in weights/, fits the decision rules, and measures."""
    from recognition.training.config import load_config
    from recognition.training.folds import fold_files
    from recognition.training.rules import calibrate_weights
    from recognition.training.silence import measure_silence

    asked = None if folds is None else measure_silence(fold_files(load_config(folds)), folds.stem)
    measured = calibrate_weights(
        weights, data, material, cache, plots, runtime, photographs=photographs, folds=asked
    )
    typer.echo(json.dumps(measured, indent=2))


@app.command()
def history(
    configs: Annotated[list[Path], typer.Argument(help="TOML files, one recipe each")],
    seeds: Annotated[str, typer.Option(help="comma-separated")] = "0,1,2",
    out: Annotated[Path, typer.Option(help="folder for the runs")] = Path("runs/history"),
    threads: Annotated[int | None, typer.Option()] = None,
) -> None:
    """Trains several recipes with several seeds; prints one table and draws the curves."""
    from recognition.training.history import (
        as_table,
        confusion,
        plot_confusion,
        plot_history,
        run_history,
    )

    numbers = [int(seed) for seed in seeds.split(",")]
    recipes = run_history(configs, numbers, out, {"threads": threads})
    plot_history(recipes, out / "history.png")
    for recipe in recipes:
        counts, names = confusion(recipe.folders[0])
        plot_confusion(counts, names, out / f"confusion-{recipe.name}.png")
    (out / "history.md").write_text(as_table(recipes) + "\n", encoding="utf-8")
    typer.echo(as_table(recipes))


@app.command()
def folds(
    config: Annotated[Path, typer.Argument(help="TOML file; its folder gets one run a fold")],
    data: DataFolder = Path("../shared/data"),
    out: Annotated[Path | None, typer.Option(help="folder for the runs")] = None,
    threads: Annotated[int | None, typer.Option()] = None,
    fold: Annotated[
        list[int] | None,
        typer.Option(help="only these, to share them out; again without: measures"),
    ] = None,
) -> None:
    """Trains without some characters and pictures, in turn, and measures on those."""
    from recognition.training.config import load_config
    from recognition.training.folds import fold_files, run_fold
    from recognition.training.unseen import measure_folds

    base = load_config(config, {"out": out, "threads": threads})
    files = fold_files(base)
    for number in fold or range(len(files)):
        if not files[number].exists():
            run_fold(base, number, data)
    if fold is None:
        typer.echo(json.dumps(measure_folds(files), indent=2))


@app.command()
def ranges(
    data: DataFolder = Path("../shared/data"),
    weights: WeightsFolder = WEIGHTS,
    cache: CacheFolder = CACHE,
) -> None:
    """Measures the ranges that the eight-bit copy of the network in weights/ is made with."""
    from recognition.training.export import write_ranges

    write_ranges(weights, data, cache)


if __name__ == "__main__":
    app()
