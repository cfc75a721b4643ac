"""A report as one HTML page that needs nothing beside it: tables, plots, pictures, all inline.

A report shows the pictures it speaks of, which are other people's; so it is never written into the
repository.
"""

from __future__ import annotations

import base64
import importlib.util
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageDraw

from recognition.detection.geometry import Boxes
from recognition.evaluation.errors import PlotsMissing, ReportRefused
from recognition.types import RgbImage

if TYPE_CHECKING:
    from matplotlib.figure import Figure

REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = "report.html"
THUMBNAIL_PX = 168

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 68rem; padding: 0 1rem;
  color: #1d2330; background: #fff; }
table { border-collapse: collapse; margin: 1rem 0; }
th, td { border-bottom: 1px solid #d5d9e2; padding: .3rem .8rem; text-align: left; }
td + td { font-variant-numeric: tabular-nums; }
img { max-width: 100%; }
.pictures { display: flex; flex-wrap: wrap; gap: .8rem; }
figure { margin: 0; width: 168px; font-size: 12px; line-height: 1.3; overflow-wrap: anywhere; }
pre { background: #f4f5f8; padding: 1rem; overflow-x: auto; font-size: 12px; }
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture of the report: JPEG bytes and what stands below it."""

    jpeg: bytes
    caption: str


def check_report(folder: Path) -> None:
    """Whether a report can be written; called before anything is measured.

    Raises:
        ReportRefused: `folder` lies inside the repository, links followed.
        PlotsMissing: matplotlib is not installed.
    """
    if folder.resolve().is_relative_to(REPOSITORY):
        raise ReportRefused(folder, REPOSITORY)
    if importlib.util.find_spec("matplotlib") is None:
        raise PlotsMissing("matplotlib")


class Page:
    """Collects a report's parts in order; `write` makes the page."""

    def __init__(self, title: str, figures: Mapping[str, Any]) -> None:
        self.title = title
        self._figures = figures
        self._parts: list[str] = []

    def heading(self, text: str) -> None:
        """A section begins."""
        self._parts.append(f"<h2>{escape(text)}</h2>")

    def text(self, text: str) -> None:
        """A paragraph."""
        self._parts.append(f"<p>{escape(text)}</p>")

    def table(self, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """A table; None is shown as nothing, floats with four digits."""
        cells = "".join(f"<th>{escape(h)}</th>" for h in head)
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(_cell(v))}</td>" for v in row) + "</tr>" for row in rows
        )
        self._parts.append(f"<table><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>")

    def plot(self, figure: Figure, alt: str) -> None:
        """A plot as a PNG; `alt` says what it shows."""
        out = io.BytesIO()
        figure.savefig(out, format="png", dpi=110)
        self._parts.append(f"<p>{_image('png', out.getvalue(), alt)}</p>")

    def pictures(self, shown: Sequence[Shown]) -> None:
        """Pictures side by side, each with its caption; a word where there are none."""
        if not shown:
            self.text("None.")
            return
        self._parts.append(
            '<div class="pictures">'
            + "".join(
                f"<figure>{_image('jpeg', s.jpeg, s.caption)}"
                f"<figcaption>{escape(s.caption)}</figcaption></figure>"
                for s in shown
            )
            + "</div>"
        )

    def write(self, folder: Path) -> Path:
        """Writes ``report.html`` and returns its path. Raises as `check_report` does."""
        check_report(folder)
        folder.mkdir(parents=True, exist_ok=True)
        figures = escape(json.dumps(self._figures, indent=1, ensure_ascii=False))
        path = folder / PAGE
        path.write_text(
            '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
            f"<title>{escape(self.title)}</title><style>{_STYLE}</style></head><body>"
            f"<h1>{escape(self.title)}</h1>{''.join(self._parts)}"
            f"<h2>All figures</h2><pre>{figures}</pre></body></html>\n",
            encoding="utf-8",
        )
        return path


def thumbnail(
    image: RgbImage, boxes: Sequence[tuple[Boxes, str]] = (), side_px: int = THUMBNAIL_PX
) -> bytes:
    """A small JPEG, with boxes (pixels of `image`) drawn in the given colours."""
    picture = Image.fromarray(image)
    factor = side_px / max(picture.size)
    size = max(1, round(picture.width * factor)), max(1, round(picture.height * factor))
    picture = picture.resize(size, Image.Resampling.LANCZOS)
    pen = ImageDraw.Draw(picture)
    for of_one_colour, colour in boxes:
        for box in of_one_colour:
            pen.rectangle([round(float(v) * factor) for v in box], outline=colour, width=2)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()


def _image(kind: str, data: bytes, alt: str) -> str:
    encoded = base64.b64encode(data).decode("ascii")
    return f'<img src="data:image/{kind};base64,{encoded}" alt="{escape(alt, quote=True)}">'


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.4f}" if isinstance(value, float) else str(value)
