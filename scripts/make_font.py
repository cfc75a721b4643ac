"""Cuts the font of the names on pictures out of Noto Sans CJK: ``recognition/fonts``.

    apt-get install fonts-noto-cjk
    python scripts/make_font.py /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc

What stays: Latin, Greek and Cyrillic letters, kana, and the signs that the usual Japanese, Korean
and simplified Chinese encodings have. Needs fontTools, which comes with requirements-dev.txt.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from fontTools import subset

FONT = Path(__file__).resolve().parents[1] / "recognition" / "fonts" / "names.otf"
_ENCODINGS = ("shift_jis", "euc_kr", "gb2312")
_RANGES = ((0x20, 0x530), (0x1E00, 0x1F00), (0x2010, 0x2040), (0x3000, 0x3100), (0xFF00, 0xFFF0))
_JAPANESE = 0
"""The first font of the collection, whose signs have their Japanese forms."""
_UNUSED = ["BASE", "GSUB", "VORG", "vhea", "vmtx"]
"""What vertical text and other languages' forms of a sign need."""


def signs() -> set[int]:
    """Code points that names may have."""
    found = {point for first, end in _RANGES for point in range(first, end)}
    for encoding in _ENCODINGS:
        for pair in range(0x10000):
            try:
                found.update(map(ord, pair.to_bytes(2, "big").decode(encoding)))
            except UnicodeDecodeError:
                continue
    return {point for point in found if chr(point).isprintable()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("collection", type=Path, help="NotoSansCJK-Regular.ttc")
    parser.add_argument("--out", type=Path, default=FONT)
    args = parser.parse_args()
    options = subset.Options(
        font_number=_JAPANESE, layout_features=["kern"], hinting=False, name_IDs=["*"]
    )
    options.drop_tables += _UNUSED
    font = subset.load_font(str(args.collection), options)
    font["head"].modified = font["head"].created  # the same file whenever it is made
    font.recalcTimestamp = False
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=signs())
    cutter.subset(font)
    subset.save_font(font, str(args.out), options)
    print(f"{args.out}: {args.out.stat().st_size} bytes, {len(font.getBestCmap())} signs")


if __name__ == "__main__":
    main()
