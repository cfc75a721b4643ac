"""The plots of reports. matplotlib is imported only where one is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from recognition.evaluation.measures import Bools, Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WORST = 30
"""Characters shown in a plot by character."""


def plot_naming(
    known: Floats, right: Bools, strangers: Mapping[str, Floats], threshold: float
) -> Figure:
    """Who gets a name at which threshold, and strangers named against known faces named rightly.

    Args:
        known: probabilities of the known faces' answers ``(n,)``; `right` says which are right.
        strangers: probabilities by source.
        threshold: the shipped one.
    """
    figure, (left, middle) = _two_axes()
    steps = np.linspace(0, 1, 201)
    rightly = np.array([float(((known >= s) & right).mean()) for s in steps])
    left.plot(steps, 100 * rightly, color="tab:green", label="known, rightly")
    wrongly = [100 * float(((known >= s) & ~right).mean()) for s in steps]
    left.plot(steps, wrongly, color="tab:orange", label="known, wrongly")
    for source, p in strangers.items():
        if not len(p):
            continue
        named = np.array([float((p >= s).mean()) for s in steps])
        left.plot(steps, 100 * named, linestyle="--", label=source)
        middle.plot(100 * named, 100 * rightly, label=source)
    left.axvline(threshold, color="grey", linestyle=":", label="shipped threshold")
    left.set(xlabel="threshold", ylabel="named, %", title="who gets a name")
    middle.set(xlabel="strangers named, %", ylabel="known named rightly, %", ylim=(0, 101))
    middle.set(title="the price of naming more")
    left.legend(fontsize=7)
    if strangers:
        middle.legend(fontsize=7)
    return figure


def plot_probabilities(known: Floats, right: Bools, strangers: Floats) -> Figure:
    """How the shown probabilities are spread, and whether they hold among the known faces."""
    figure, (left, middle) = _two_axes()
    bins = np.linspace(0, 1, 26).tolist()
    for values, label, colour in (
        (known[right], "known, nearest is right", "tab:green"),
        (known[~right], "known, nearest is wrong", "tab:orange"),
        (strangers, "strangers", "tab:red"),
    ):
        if len(values):
            left.hist(values, bins, histtype="step", density=True, label=label, color=colour)
    left.set(xlabel="probability of the nearest", ylabel="density", title="how sure it is")
    left.legend(fontsize=7)
    which = np.minimum((known * 10).astype(int), 9)
    for b in np.unique(which):
        inside = which == b
        middle.plot(known[inside].mean(), right[inside].mean(), "o", color="tab:blue")
    middle.plot([0, 1], [0, 1], color="grey", linewidth=1)
    middle.set(xlabel="probability shown", ylabel="share right", title="known faces alone")
    return figure


def plot_by_character(shares: Mapping[str, tuple[float, int]]) -> Figure:
    """The characters with the lowest share of right answers: id → (share, pictures)."""
    from matplotlib.figure import Figure

    worst = sorted(shares.items(), key=lambda item: (item[1][0], item[0]))[:WORST][::-1]
    figure = Figure(figsize=(9, 1 + 0.22 * len(worst)), layout="constrained")
    axis = figure.subplots()
    axis.barh([f"{name} ({n})" for name, (_, n) in worst], [100 * s for _, (s, _) in worst])
    axis.set(xlabel="right, %", xlim=(0, 100), title="lowest first (pictures)")
    axis.tick_params(labelsize=7)
    return figure


def plot_by_size(rows: Mapping[str, tuple[float, float, int]]) -> Figure:
    """Size in pixels → (precision, recall, faces)."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 3.4), layout="constrained")
    axis = figure.subplots()
    places = np.arange(len(rows))
    axis.bar(places - 0.2, [100 * p for p, _, _ in rows.values()], 0.4, label="precision")
    axis.bar(places + 0.2, [100 * r for _, r, _ in rows.values()], 0.4, label="recall")
    axis.set_xticks(places, [f"{name} px\n{n} faces" for name, (_, _, n) in rows.items()])
    axis.set(ylabel="%", ylim=(0, 101))
    axis.legend(fontsize=8)
    return figure


def plot_draws(draws: Mapping[str, list[float]]) -> Figure:
    """What each draw of five pictures came to: figure → one share a draw."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 3.4), layout="constrained")
    axis = figure.subplots()
    for place, values in enumerate(draws.values()):
        axis.plot([place] * len(values), [100 * v for v in values], "o", alpha=0.6)
    axis.set_xticks(range(len(draws)), list(draws))
    axis.set(ylabel="%", title="each dot is a draw of five pictures a character")
    axis.grid(alpha=0.3)
    return figure


def _two_axes() -> tuple[Figure, tuple[Axes, Axes]]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 3.8), layout="constrained")
    left, right = figure.subplots(1, 2)
    for axis in (left, right):
        axis.grid(alpha=0.3)
    return figure, (left, right)
