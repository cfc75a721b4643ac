"""Command line: ``python -m recognition.training detector train|label|evaluate|export``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

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


if __name__ == "__main__":
    app()
