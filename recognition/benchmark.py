"""How long a picture takes, by stage, beside the way of the old web app, in one run."""

from __future__ import annotations

import asyncio
import resource
import statistics
import tempfile
import time
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np

from recognition.annotate import annotate
from recognition.factory import UPSTREAM_CASCADE, make_decider, open_encoder
from recognition.recognizer import Recognizer
from recognition.serving.local import LocalEncoder
from recognition.types import Mode, RgbImage

STAGES = ("decode", "detect", "embed", "annotate")


def run_benchmark(
    pictures: Sequence[Path],
    *,
    rounds: int,
    callers: int,
    old_cascade: Path | None,
    detector: str,
    runtime: str,
    weights: Path,
    cache: Path,
) -> dict[str, Any]:
    """Times each picture `rounds` times each way, the two ways in turn.

    Args:
        callers: concurrent callers for the throughput figure.
        old_cascade: the cascade of the old way; without one its figures are None.

    Returns:
        ``median_ms``, ``p95_ms`` and ``stages`` (median_ms and p95_ms each) per picture;
        ``pictures_per_s`` with `callers` callers; ``peak_mib``, the resident peak of this process,
        which does not run the old way; ``old_way_median_ms``; ``ratio`` = the median over pictures
        and rounds of old / ours, each pair taken in turn.
    """
    files = [path.read_bytes() for path in pictures]
    encoder = open_encoder(weights, detector=detector, runtime=runtime, cache=cache)
    decide = make_decider(weights)

    def ours(data: bytes) -> dict[str, float]:
        encoded = encoder.encode(data, Mode.AUTO)
        recognition = decide(encoded, Mode.AUTO)
        started = time.perf_counter()
        annotate(data, recognition, encoded.image)
        drawn = (time.perf_counter() - started) * 1e3
        return {**encoded.timings_ms, "annotate": drawn}

    old = _OldWay(old_cascade) if old_cascade else None
    for path, data in zip(pictures, files, strict=True):  # warm up, both
        ours(data)
        if old:
            old.time(path)
    rows: list[dict[str, float]] = []
    old_ms: list[float] = []
    ratios: list[float] = []
    for _ in range(rounds):
        for path, data in zip(pictures, files, strict=True):
            rows.append(ours(data))
            if old:
                old_ms.append(old.time(path))
                ratios.append(old_ms[-1] / sum(rows[-1].values()))
    if old:
        old.close()
    totals = [sum(row.values()) for row in rows]
    rate = asyncio.run(_throughput(encoder, decide, files, callers, rounds))
    return {
        "pictures": len(pictures),
        "rounds": rounds,
        "callers": callers,
        **_spread(totals),
        "stages": {stage: _spread([row[stage] for row in rows]) for stage in STAGES},
        "pictures_per_s": round(rate, 2),
        "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "old_way_median_ms": round(statistics.median(old_ms), 1) if old_ms else None,
        "ratio": round(statistics.median(ratios), 2) if ratios else None,
    }


def find_old_cascade(weights: Path) -> Path | None:
    """The old web app's cascade where it was fetched to, or in the shared folder beside us."""
    places = (weights / "downloads", weights.resolve().parent.parent / "shared" / "weights")
    return next((p / UPSTREAM_CASCADE for p in places if (p / UPSTREAM_CASCADE).is_file()), None)


def _spread(values: list[float]) -> dict[str, float]:
    return {
        "median_ms": round(statistics.median(values), 1),
        "p95_ms": round(float(np.percentile(values, 95)), 1),
    }


async def _throughput(
    encoder: Any, decide: Any, files: list[bytes], callers: int, rounds: int
) -> float:
    """Pictures per second when `callers` callers ask one picture after the other."""
    service = LocalEncoder(lambda: encoder, threads=2, limit=callers)
    recognizer = Recognizer(service, decide)
    await service.ready()
    queue = files * rounds

    async def caller() -> None:
        while queue:
            data = queue.pop()
            with service.admit():
                await recognizer.whois(data)

    n, started = len(queue), time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(callers)))
    elapsed = time.perf_counter() - started
    await service.aclose()
    return n / elapsed


class _OldWay:
    """The old web app's road in a process of its own, so that its memory is not counted as ours.

    Full-size cascade, every crop written to disk, read again and put through an eager torch
    ResNet34 at 224 px one by one, the picture with rectangles written to disk.
    """

    def __init__(self, cascade: Path) -> None:
        import multiprocessing

        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve_old_way, args=(theirs, cascade), daemon=True)
        self._process.start()

    def time(self, picture: Path) -> float:
        """Milliseconds for one picture."""
        self._pipe.send(picture)
        return float(self._pipe.recv())

    def close(self) -> None:
        self._pipe.send(None)
        self._process.join()


def _serve_old_way(pipe: Connection, cascade_file: Path) -> None:
    import cv2
    import torch
    from PIL import Image

    from recognition.torchvision_ops import torchvision

    cascade = cv2.CascadeClassifier(str(cascade_file))
    network = torchvision.models.resnet34(weights=None, num_classes=8).eval()
    prepare = torchvision.transforms.Compose(
        [
            torchvision.transforms.Resize((224, 224)),
            torchvision.transforms.ToTensor(),
            torchvision.transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
        ]
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        while (picture := pipe.recv()) is not None:
            started = time.perf_counter()
            upload = folder / "upload"
            upload.write_bytes(picture.read_bytes())
            image: RgbImage = cv2.imread(str(upload), cv2.IMREAD_COLOR)  # type: ignore[assignment]
            grey = cv2.equalizeHist(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY))
            boxes = cascade.detectMultiScale(
                grey, scaleFactor=1.1, minNeighbors=5, minSize=(24, 24)
            )
            for i, (x, y, w, h) in enumerate(boxes):
                cv2.imwrite(str(folder / f"{i}.jpg"), image[y : y + h, x : x + w])
            for i, (x, y, w, h) in enumerate(boxes):
                with Image.open(folder / f"{i}.jpg") as crop, torch.no_grad():
                    network(prepare(crop.convert("RGB"))[None]).softmax(1)
                cv2.rectangle(image, (x, y), (x + w, y + h), (0, 0, 255), 2)
            cv2.imwrite(str(folder / "result.jpg"), image)
            pipe.send((time.perf_counter() - started) * 1e3)
