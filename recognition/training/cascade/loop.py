"""The training run: stage after stage, each against what the ones before let through."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from recognition.training.cascade.boosting import stage_threshold, train_stage
from recognition.training.cascade.config import CascadeConfig
from recognition.training.cascade.labels import EMPTY, LabelRule, Scene, load_scenes
from recognition.training.cascade.lbp import Features, Patches, all_features, lbp_codes
from recognition.training.cascade.mining import Hunting, mine, mosaics
from recognition.training.cascade.model import Cascade, Stage, Stump, stage_sums
from recognition.training.cascade.opencv_xml import read_xml, write_xml
from recognition.training.cascade.positives import (
    box_in_window,
    cut_positives,
    is_held_out,
    to_grey,
)
from recognition.training.detector.lifelike import load_photographs
from recognition.training.detector.material import read_zip
from recognition.types import RgbImage

FILE = "cascade.xml"
CONFIGS = "configs.jsonl"
"""The settings, with the stage from which on they held: one line for each start of the run."""
DONE = "done.json"


def train(config: CascadeConfig, *, resume: bool = True) -> Path:
    """Trains a cascade; goes on after the last whole stage of the run folder.

    Writes ``cascade.xml`` after every stage, ``configs.jsonl``, ``metrics.jsonl`` (one line a
    stage) and, when it is finished, ``done.json``. What a stage draws depends on (seed, stage)
    alone, but the negatives that a stage leaves to the next are not kept: a resumed run mines them
    anew.

    Raises:
        FileNotFoundError: the labels are not there, see `labels.write_labels`.
    """
    cv2.setNumThreads(config.threads)
    config.out.mkdir(parents=True, exist_ok=True)
    if not resume:
        for name in (FILE, DONE, CONFIGS, "metrics.jsonl"):
            (config.out / name).unlink(missing_ok=True)
    path = config.out / FILE
    cascade = read_xml(path) if path.is_file() else Cascade(config.window_px)
    if (config.out / DONE).is_file():
        return path
    scenes = [s for s in load_scenes(config.data, config.labels, LabelRule()) if not is_held_out(s)]
    patches = list(read_zip(config.data / EMPTY).values())
    patches = [p for p in patches if min(p.shape[:2]) > 15]
    run = Run(config, cascade, scenes, patches, _photographs(config))
    with (config.out / CONFIGS).open("a", encoding="utf-8") as log:
        log.write(json.dumps({"from_stage": len(cascade.stages), **config.to_dict()}) + "\n")
    with Progress(
        SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()
    ) as progress:
        task = progress.add_task("")

        def say(text: str) -> None:
            progress.update(task, description=text)

        while not run.finished:
            metrics = run.add_stage(say)
            if metrics is None:
                break
            write_xml(run.cascade, path)
            with (config.out / "metrics.jsonl").open("a", encoding="utf-8") as log:
                log.write(json.dumps(metrics) + "\n")
            progress.console.print(json.dumps(metrics))
    done = {"box": run.box, "positives": len(run.pool), "stages": len(run.cascade.stages)}
    (config.out / DONE).write_text(json.dumps(done, indent=2) + "\n")
    return path


class Run:
    """What lives as long as a run: the material, and the cascade so far."""

    def __init__(
        self,
        config: CascadeConfig,
        cascade: Cascade,
        scenes: list[Scene],
        patches: list[RgbImage],
        photos: list[RgbImage],
    ) -> None:
        """Cuts the faces; `patches` and `photos` hold none."""
        self.config, self.cascade = config, cascade
        self.finished = len(cascade.stages) >= config.stages
        self.box = box_in_window(scenes, config)
        self.pool = cut_positives(scenes, config, np.random.default_rng([config.seed, 0, 0]))
        self._passing = self.cascade.accepts(self.pool)
        none = np.zeros((0, 4), np.float32)
        empty = [*mosaics(patches), *load_photographs(), *photos]
        self.hunting = [Hunting(to_grey(image, config.equalize), none, none) for image in empty] + [
            Hunting(to_grey(s.image, config.equalize), s.faces, s.doubtful)
            for s in scenes
            if not s.crop
        ]
        self._negatives = np.zeros((0, config.window_px, config.window_px), np.uint8)

    def add_stage(self, say: Callable[[str], None]) -> dict[str, Any] | None:
        """Trains one more stage; returns what is known about it, None where nothing is left to
        reject."""
        config, stage = self.config, len(self.cascade.stages)
        rng = np.random.default_rng([config.seed, 1, stage])
        start = time.perf_counter()
        wanted = config.negatives - len(self._negatives)

        def mined_so_far(count: int) -> None:
            say(f"stage {stage}: {count} of {wanted} negatives found")

        mined = mine(self.hunting, self.cascade, self.box, wanted, config.passes, rng, mined_so_far)
        rate = mined.passed / max(1, mined.scanned)
        negatives = np.concatenate([self._negatives, mined.patches])
        if not len(negatives):
            self.finished = True
            return None
        last = (
            stage + 1 >= config.stages
            or rate <= config.false_alarm_target
            or len(negatives) < config.least_negatives
        )
        faces = self.pool[rng.permutation(np.flatnonzero(self._passing))]
        windows: Patches = np.concatenate([faces[: config.positives], negatives])
        n_positive = len(windows) - len(negatives)
        features = _draw_features(config, rng)
        seconds = time.perf_counter() - start

        def boosted(stumps: int, false_alarm: float) -> None:
            say(f"stage {stage}: {stumps} stumps, false alarm {false_alarm:.3f}")

        rule = config.stage_rule(stage, last=last)
        codes = lbp_codes(windows, features)
        before: tuple[Stump, ...] = ()
        if config.nested and self.cascade.stages:
            before = self.cascade.stages[-1].stumps
        sums = stage_sums(Stage(before, 0.0), windows)
        trained, _ = train_stage(codes, n_positive, features, rule, rng, boosted, before, sums)
        threshold = stage_threshold(stage_sums(trained, faces), rule.min_hit_rate)
        trained = Stage(trained.stumps, threshold)
        self.cascade = Cascade(config.window_px, (*self.cascade.stages, trained))
        self._passing = self.cascade.accepts(self.pool)
        self._negatives = negatives[stage_sums(trained, negatives) >= threshold]
        self.finished = last
        return {
            "stage": stage,
            "last": last,
            "stumps": len(trained.stumps),
            "new_stumps": len(trained.stumps) - len(before),
            "positives": n_positive,
            "negatives": len(negatives),
            "scanned": mined.scanned,
            "false_alarm_before": rate,
            "false_alarm_of_stage": len(self._negatives) / len(negatives),
            "hit_rate_so_far": float(self._passing.mean()),
            "seconds_mining": round(seconds, 1),
            "seconds": round(time.perf_counter() - start, 1),
        }


def _photographs(config: CascadeConfig) -> list[RgbImage]:
    if not config.photographs.is_dir():
        print(f"no photographs at {config.photographs}: only the three that come with libraries")
        return []
    from recognition.training.detector import photographs

    found = photographs.load(config.photographs)
    return config.photograph_copies * (found.people + found.things)


def _draw_features(config: CascadeConfig, rng: np.random.Generator) -> Features:
    features = all_features(config.window_px)
    if 0 < config.features < len(features):
        return features[np.sort(rng.choice(len(features), config.features, replace=False))]
    return features
