"""Timing detectors against each other: in turn, on the same pictures, so that a busy machine is
equally unfair to all of them."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from recognition.detection.geometry import letterbox
from recognition.training.data import read_rgb
from recognition.training.detector.report import open_for_evaluation

PICTURES = 20


@dataclass
class Times:
    """Milliseconds of each call: by the clock, and of processor time over all threads."""

    variant: str
    wall_ms: list[float] = field(default_factory=list)
    processor_ms: list[float] = field(default_factory=list)


def clock(
    weights: Path, variants: list[str], data: Path, side_px: int, threads: int, repeat: int
) -> list[Times]:
    """Times detectors on the first pictures of ``detection/val``, scaled to `side_px`.

    Args:
        weights: the weights folder.
        variants: JSON objects with settings that replace the manifest's; ``runtime`` may be among
            them.
        data: the data folder.
        side_px: longer side of the pictures.
        threads: threads of one network call.
        repeat: rounds over the pictures; the first call of each detector is not counted.
    """
    lines = (data / "detection/val.jsonl").read_text(encoding="utf-8").splitlines()
    files = [data / "detection" / json.loads(line)["file"] for line in lines[:PICTURES]]
    images = [letterbox(read_rgb(file), side_px, 1, 0)[0] for file in files]
    detectors = []
    for variant in variants:
        settings = json.loads(variant)
        runtime = settings.pop("runtime", "auto")
        detectors.append(open_for_evaluation("neural", weights, runtime, threads, False, settings))
        detectors[-1].detect(images[0])
    times = [Times(variant) for variant in variants]
    for _ in range(repeat):
        for image in images:
            for detector, own in zip(detectors, times, strict=True):
                wall, processor = time.perf_counter(), time.process_time()
                detector.detect(image)
                own.processor_ms.append((time.process_time() - processor) * 1000)
                own.wall_ms.append((time.perf_counter() - wall) * 1000)
    return times


def show(times: list[Times]) -> None:
    """Prints medians, and how many times as long as the first variant each takes."""
    shown = Table(title="Face detection, milliseconds for a picture (median)")
    for head in ("variant", "by the clock", "processor time", "times the first"):
        shown.add_column(head, justify="left" if head == "variant" else "right")
    first = float(np.median(times[0].processor_ms))
    for row in times:
        wall, processor = (float(np.median(v)) for v in (row.wall_ms, row.processor_ms))
        shown.add_row(row.variant, f"{wall:.1f}", f"{processor:.1f}", f"{processor / first:.2f}")
    Console(width=140).print(shown)
