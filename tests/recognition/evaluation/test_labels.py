"""Tables as people write them, names in every spelling, folders and archives alike."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from recognition.errors import PictureTooLarge
from recognition.evaluation.errors import InputEmpty, InputMalformed, InputMissing
from recognition.evaluation.labels import Label, NameIndex, read_labels
from recognition.evaluation.source import PictureSource, Skipped, decode_all
from recognition.images import DEFAULT_LIMITS
from recognition.types import Box, KnownCharacter

KNOWN = [
    KnownCharacter("ayanami_rei", "Ayanami Rei", "Evangelion"),
    KnownCharacter("tohsaka_rin", "Tohsaka Rin", "Fate"),
    KnownCharacter("saber", "Saber", "Fate"),
    KnownCharacter("monkey_d_luffy", "Monkey D. Luffy", "One Piece"),
]


@pytest.fixture
def folder(tmp_path: Path, picture: Callable[..., bytes]) -> Path:
    root = tmp_path / "faces"
    for file in ("ayanami_rei/a.png", "ayanami_rei/b.png", "saber/c.png", ".hidden/d.png"):
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_bytes(picture())
    (root / "notes.txt").write_text("no picture")
    return root


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ayanami_rei", "ayanami_rei"),
        ("Ayanami Rei", "ayanami_rei"),
        ("Rei Ayanami", "ayanami_rei"),
        ("REI_AYANAMI", "ayanami_rei"),
        ("Tōsaka Rin", "tohsaka_rin"),
        ("Rin Tousaka", "tohsaka_rin"),
        ("Rin Tosaka", "tohsaka_rin"),
        ("Luffy, Monkey D.", "monkey_d_luffy"),
        ("Sabér", "saber"),
        ("Rei", None),
        ("", None),
        ("Ikari Shinji", None),
    ],
)
def test_names_are_found_in_every_spelling(text: str, found: str | None) -> None:
    assert NameIndex(KNOWN).find(text) == found


def test_what_fits_two_characters_finds_neither() -> None:
    twins = [KnownCharacter("a", "Rei Ono", ""), KnownCharacter("b", "Ono Rei", "")]
    index = NameIndex(twins)
    assert index.find("Rei Ono") is None
    assert index.find("a") == "a"


def test_the_folder_helps_where_the_name_does_not() -> None:
    index = NameIndex(KNOWN)
    assert index.resolve(Label("f", "Rei-chan", "ayanami_rei")) == "ayanami_rei"
    assert index.resolve(Label("f", "Rei-chan", "")) is None
    assert index.key(Label("f", "Rei Chan", "")) == "rei_chan"
    assert index.key(Label("f", "Rei Ayanami", "")) == "ayanami_rei"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("head", ["file,character", "Filename,Name", "path,id,split"])
def test_tables_as_people_write_them(
    folder: Path, tmp_path: Path, delimiter: str, head: str
) -> None:
    table = tmp_path / "t.csv"
    text = f"{head}\nayanami_rei/a.png,Rei Ayanami,val\nfaces\\saber\\c.png,Saber,val\n"
    if head.count(",") == 1:
        text = text.replace(",val", "")
    table.write_text("\ufeff" + text.replace(",", delimiter), encoding="utf-8")
    labels, skipped = read_labels(PictureSource(folder), table)
    assert not skipped
    assert [(label.file, label.character) for label in labels] == [
        ("ayanami_rei/a.png", "Rei Ayanami"),
        ("saber/c.png", "Saber"),
    ]


def test_lines_that_point_nowhere_are_listed(folder: Path, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("file,character\nsaber/c.png,Saber\ngone.png,Saber\n../../etc/passwd,X\n")
    labels, skipped = read_labels(PictureSource(folder), table)
    assert len(labels) == 1
    assert skipped == [Skipped("gone.png", "not found"), Skipped("../../etc/passwd", "not found")]


def test_splits_boxes_and_several_names_a_line(folder: Path, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text(
        "file,x0,y0,x1,y1,characters_present,split\n"
        "saber/c.png,1,2,30.5,40,Saber|Ayanami Rei,val\n"
        "ayanami_rei/a.png,,,,,,train\n"
    )
    source = PictureSource(folder)
    labels, _ = read_labels(source, table, "val")
    assert [label.character for label in labels] == ["Saber", "Ayanami Rei"]
    assert {label.box for label in labels} == {Box(1, 2, 30.5, 40)}
    labels, _ = read_labels(source, table)
    assert labels[-1].character == "ayanami_rei", "an empty name is the folder's"
    assert labels[-1].box is None
    with pytest.raises(InputEmpty):
        read_labels(source, table, "test")


@pytest.mark.parametrize(
    ("text", "error", "line"),
    [
        ("picture_name,who\na,b\n", InputMalformed, 1),
        ("file,series\na,b\n", InputMalformed, 1),
        ("file,character,x0,y0,x1,y1\nsaber/c.png,Saber,1,2,x,4\n", InputMalformed, 2),
        ("file,character,x0,y0,x1,y1\nsaber/c.png,Saber,9,2,3,4\n", InputMalformed, 2),
        ("file,character\n,Saber\n", InputMalformed, 2),
        ("", InputEmpty, None),
        ("file,character\n", InputEmpty, None),
    ],
)
def test_malformed_tables_say_where(
    folder: Path, tmp_path: Path, text: str, error: type[Exception], line: int | None
) -> None:
    table = tmp_path / "t.csv"
    table.write_text(text)
    with pytest.raises(error) as caught:
        read_labels(PictureSource(folder), table)
    if line is not None:
        assert isinstance(caught.value, InputMalformed)
        assert caught.value.line == line


def test_what_is_not_there_is_missing(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputMissing):
        PictureSource(tmp_path / "nowhere")
    with pytest.raises(InputMissing):
        read_labels(PictureSource(folder), tmp_path / "nowhere.csv")
    (tmp_path / "no.zip").write_bytes(b"not an archive")
    with pytest.raises(InputMalformed):
        PictureSource(tmp_path / "no.zip")
    (tmp_path / "binary.csv").write_bytes(b"\xff\xfe\x00file")
    with pytest.raises(InputMalformed):
        read_labels(PictureSource(folder), tmp_path / "binary.csv")


@pytest.mark.parametrize("around", ["", "faces/", "some folder/"])
def test_an_archive_reads_like_its_folder(folder: Path, tmp_path: Path, around: str) -> None:
    archive = tmp_path / "faces.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            file.write(path, around + path.relative_to(folder).as_posix())
        file.writestr("__MACOSX/._a.png", b"not a picture")
    for source in (PictureSource(folder), PictureSource(archive)):
        assert [n.removeprefix(around) for n in source.names] == [
            "ayanami_rei/a.png",
            "ayanami_rei/b.png",
            "saber/c.png",
        ]
        labels, _ = read_labels(source, None)
        assert [label.character for label in labels] == ["ayanami_rei", "ayanami_rei", "saber"]
        assert source.find("saber/c.png") is not None
        assert source.read(source.names[0]) == (folder / "ayanami_rei/a.png").read_bytes()


def test_pictures_that_cannot_be_used_are_listed_and_the_rest_is_read(folder: Path) -> None:
    (folder / "saber" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n and no more")
    (folder / "saber" / "huge.png").write_bytes(bytes(DEFAULT_LIMITS.max_bytes + 1))
    (folder / "saber" / "old.tiff").write_bytes(b"II*\x00 and so on")
    source, skipped = PictureSource(folder), list[Skipped]()
    read = list(decode_all(source, list(source.names), skipped))
    assert len(read) == 3
    assert skipped == [
        Skipped("saber/broken.png", "BrokenPicture"),
        Skipped("saber/huge.png", "PictureTooLarge"),
        Skipped("saber/old.tiff", "UnsupportedPicture"),
    ]
    with pytest.raises(PictureTooLarge):
        source.read("saber/huge.png")


def test_a_damaged_member_of_an_archive_is_listed(folder: Path, tmp_path: Path) -> None:
    archive = tmp_path / "faces.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for name in ("a.png", "b.png"):
            file.writestr(name, (folder / "ayanami_rei/a.png").read_bytes())
    data = bytearray(archive.read_bytes())
    data[data.index(b"IDAT") + 6] ^= 0xFF
    archive.write_bytes(data)
    source, skipped = PictureSource(archive), list[Skipped]()
    assert [i for i, _ in decode_all(source, list(source.names), skipped)] == [1]
    assert skipped == [Skipped("a.png", "BrokenPicture")]


def test_a_flat_folder_without_a_table_has_no_labels(
    tmp_path: Path, picture: Callable[..., bytes]
) -> None:
    (tmp_path / "a.png").write_bytes(picture())
    with pytest.raises(InputEmpty):
        read_labels(PictureSource(tmp_path), None)
