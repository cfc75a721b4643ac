"""Reading and writing OpenCV's cascade files (new format, boosted LBP stumps).

The format is what ``opencv_traincascade`` writes and ``cv2.CascadeClassifier`` reads: a stump is
``0 -1 FEATURE`` and eight signed 32-bit words, the 256 bits of its subset.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from xml.etree import ElementTree

from recognition.training.cascade.model import Cascade, Stage, Stump


def to_xml(cascade: Cascade, comment: str = "") -> str:
    """The file's text. Numbers are written so that reading them back gives the same cascade.

    Args:
        cascade: at least one stage.
        comment: goes to the top of the file; must not hold two dashes in a row.

    Raises:
        ValueError: there is no stage, or the comment cannot stand in XML.
    """
    if not cascade.stages:
        raise ValueError("a cascade without stages")
    if "--" in comment:
        raise ValueError("two dashes in a comment")
    used = sorted({stump.feature for stage in cascade.stages for stump in stage.stumps})
    place = {feature: i for i, feature in enumerate(used)}
    most = max(len(stage.stumps) for stage in cascade.stages)
    lines = ['<?xml version="1.0"?>', f"<!-- {comment} -->" if comment else ""]
    lines += [
        "<opencv_storage>",
        "<cascade>",
        "  <stageType>BOOST</stageType>",
        "  <featureType>LBP</featureType>",
        f"  <height>{cascade.window_px}</height>",
        f"  <width>{cascade.window_px}</width>",
        "  <stageParams>",
        f"    <boostType>GAB</boostType><maxDepth>1</maxDepth><maxWeakCount>{most}</maxWeakCount>",
        "  </stageParams>",
        "  <featureParams><maxCatCount>256</maxCatCount><featSize>1</featSize></featureParams>",
        f"  <stageNum>{len(cascade.stages)}</stageNum>",
        "  <stages>",
    ]
    for stage in cascade.stages:
        lines += [
            f"    <_><maxWeakCount>{len(stage.stumps)}</maxWeakCount>",
            f"      <stageThreshold>{stage.threshold!r}</stageThreshold>",
            "      <weakClassifiers>",
        ]
        for stump in stage.stumps:
            words = " ".join(str(word) for word in _words(stump.subset))
            lines += [
                f"        <_><internalNodes>0 -1 {place[stump.feature]} {words}</internalNodes>",
                f"          <leafValues>{stump.inside!r} {stump.outside!r}</leafValues></_>",
            ]
        lines.append("      </weakClassifiers></_>")
    lines += ["  </stages>", "  <features>"]
    lines += [f"    <_><rect>{' '.join(str(v) for v in feature)}</rect></_>" for feature in used]
    lines += ["  </features>", "</cascade>", "</opencv_storage>", ""]
    return "\n".join(line for line in lines if line) + "\n"


def write_xml(cascade: Cascade, path: Path, comment: str = "") -> None:
    """Writes the file; readers see the old or the new one. Raises as `to_xml`."""
    fresh = path.with_suffix(".new")
    fresh.write_text(to_xml(cascade, comment), encoding="utf-8")
    fresh.chmod(0o644)
    os.replace(fresh, path)


def read_xml(path: Path) -> Cascade:
    """A cascade of LBP stumps from a trusted file.

    Raises:
        ValueError: it is another kind of cascade, or its window is no square.
        xml.etree.ElementTree.ParseError, FileNotFoundError: it is no XML, it is not there.
    """
    root = ElementTree.fromstring(path.read_text(encoding="utf-8"))
    node = root[0]
    width, height = (int(_text(node, key)) for key in ("width", "height"))
    if _text(node, "featureType") != "LBP" or width != height:
        raise ValueError(f"{path}: {_text(node, 'featureType')} {width} x {height}")
    rects = [_numbers(item, "rect") for item in node.findall("features/_")]
    features = [(int(x), int(y), int(w), int(h)) for x, y, w, h in rects]
    stages = []
    for item in node.findall("stages/_"):
        stumps = []
        for weak in item.findall("weakClassifiers/_"):
            left, right, index, *words = (int(v) for v in _numbers(weak, "internalNodes"))
            leaves = _numbers(weak, "leafValues")
            if (left, right) != (0, -1) or len(words) != 8 or len(leaves) != 2:
                raise ValueError(f"{path}: not a stump of 256 categories")
            stumps.append(Stump(features[index], _bits(words), leaves[0], leaves[1]))
        stages.append(Stage(tuple(stumps), float(_text(item, "stageThreshold"))))
    return Cascade(width, tuple(stages))


def _words(subset: int) -> list[int]:
    """256 bits as eight signed 32-bit words, the lowest first."""
    raw = subset.to_bytes(32, "little")
    return [int.from_bytes(raw[i : i + 4], "little", signed=True) for i in range(0, 32, 4)]


def _bits(words: list[int]) -> int:
    return sum((word & 0xFFFFFFFF) << (32 * i) for i, word in enumerate(words))


def _text(node: ElementTree.Element, key: str) -> str:
    found = node.findtext(key)
    if found is None:
        raise ValueError(f"no {key}")
    return found.strip()


def _numbers(node: ElementTree.Element, key: str) -> list[float]:
    return [float(v) for v in re.split(r"\s+", _text(node, key))]
