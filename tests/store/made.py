"""Values that tests of the store use: servers, members, vectors."""

from __future__ import annotations

import numpy as np

from recognition.types import (
    Box,
    Candidate,
    Embedding,
    Match,
    Mode,
    Recognition,
    RecognizedFace,
    RecognizedWhole,
    Unknown,
)
from store.types import (
    AnsweredPicture,
    Crop,
    Evidence,
    NewQuizPicture,
    PictureSource,
    Sample,
    Subject,
)

# The largest number that fits a snowflake, so that no column is too narrow unnoticed.
HERE, THERE = 2**63 - 1, 81384788765712384
STAFF, MEMBER, OTHER = 2**63 - 25, 80351110224678912, 53905483156684800
CHANNEL, MESSAGE = 41771983423143937, 334385199974967042
MODEL = "resnet34-112@0123456789abcdef"
ALICE = Subject("Alice Liddell", "Wonderland")
REI = Subject("Ayanami Rei", "Neon Genesis Evangelion", catalog_id="ayanami_rei")
CROP = Crop(b"RIFF....WEBP", 128, 96)


def embedding(seed: int, model_id: str = MODEL, d: int = 64) -> Embedding:
    """A unit vector; equal seeds give equal vectors."""
    vector = np.random.default_rng(seed).standard_normal(d).astype(np.float32)
    return Embedding(vector / np.linalg.norm(vector), model_id)


def samples(*seeds: int, crop: Crop | None = None, model_id: str = MODEL) -> list[Sample]:
    return [
        Sample(embedding(seed, model_id), crop, Evidence("Ayanami Rei", 0.25, seed % 2 == 1))
        for seed in seeds
    ]


def picture(n_faces: int = 2, *, spoiler: bool = False) -> AnsweredPicture:
    """Somebody known and strangers; without faces, the whole picture was judged."""
    rei = Candidate("ayanami_rei", "Ayanami Rei", 0.91)
    known = Match(rei.character, rei.name, rei.probability)
    faces = tuple(
        RecognizedFace(
            Box(10.5 * n, 0.25, 10.5 * n + 9, 12),
            0.9,
            Unknown(rei, 0.12) if n else known,
            (rei, Candidate("souryuu_asuka_langley", "惣流・アスカ・ラングレー", 0.02)),
        )
        for n in range(n_faces)
    )
    whole = None if faces else RecognizedWhole(Unknown(None, 0.0), ())
    recognition = Recognition((640, 480), faces, whole, Mode.AUTO)
    return AnsweredPicture(PictureSource(CHANNEL, MESSAGE, 5), recognition, spoiler)


def quiz_picture(seed: int = 1, character_id: str = "ayanami_rei") -> NewQuizPicture:
    """A picture for a server's quiz; what is in it does not matter to the store."""
    return NewQuizPicture(
        character_id,
        "Ayanami Rei",
        "Neon Genesis Evangelion",
        b"RIFF....WEBP%d" % seed,
        (768, 512),
        Box(10, 20.5, 110, 140),
        b"AWL1%d" % seed,
        adult=seed % 2 == 0,
        difficulty=0.25,
    )
