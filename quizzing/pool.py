"""The pictures of a server's own quiz: added, listed, removed, exported."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile

from quizzing.studio import Portrait, Studio
from quizzing.wishes import Wish
from recognition.images import decode_picture
from store.errors import PictureThere
from store.opening import Store
from store.types import NewQuizPicture, QuizPicture, QuizPictureSummary

_EXPORT_FORM = 1


class Pool:
    """Keeps pictures for servers. Who may is the caller's to check.

    Args:
        studio: looks at pictures.
        store: where they lie.
    """

    def __init__(self, studio: Studio, store: Store) -> None:
        self._studio = studio
        self._store = store

    async def add(
        self, guild_id: int, portrait: Portrait, wish: Wish, *, actor_id: int
    ) -> QuizPictureSummary:
        """Keeps a picture; that `actor_id` may share it is noted with it.

        Raises:
            PictureThere: the server has it, or another copy of it.
            LimitReached, ValueRefused, StoreUnavailable
            PictureError, EncoderBusy, WeightsError: see `Studio.question`.
        """
        await self._refuse_copies(guild_id, portrait)
        face = portrait.sitters[wish.sitter].box
        name, series = wish.subject.name, wish.subject.series
        question = await self._studio.question(
            guild_id, portrait.picture, wish.character_id, name, seed=0, face=face
        )
        new = NewQuizPicture(
            wish.character_id,
            name,
            series,
            portrait.picture,
            portrait.size,
            face,
            portrait.print,
            adult=wish.adult,
            spoiler=wish.spoiler,
            difficulty=question.difficulty,
        )
        return await self._store.quiz_pictures.add(guild_id, new, actor_id=actor_id)

    async def listed(self, guild_id: int) -> tuple[QuizPictureSummary, ...]:
        """All of a server. Raises StoreUnavailable."""
        return await self._store.quiz_pictures.listed(guild_id)

    async def get(self, guild_id: int, picture_id: int) -> QuizPicture:
        """One of a server. Raises UnknownQuizPicture, StoreUnavailable."""
        return await self._store.quiz_pictures.get(guild_id, picture_id)

    async def remove(self, guild_id: int, picture_id: int) -> QuizPictureSummary:
        """Deletes one. Raises UnknownQuizPicture, StoreUnavailable."""
        return await self._store.quiz_pictures.remove(guild_id, picture_id)

    async def export(self, guild_id: int) -> tuple[bytes, int]:
        """All pictures of a server in a zip archive with ``pictures.json``, and how many.

        Raises StoreUnavailable.
        """
        listed = await self._store.quiz_pictures.listed(guild_id)
        kept = [await self._store.quiz_pictures.get(guild_id, one.id) for one in listed]
        return await asyncio.to_thread(_archive, kept), len(kept)

    async def _refuse_copies(self, guild_id: int, portrait: Portrait) -> None:
        from recognition.likeness import Fingerprint, FingerprintBroken, Lookout

        kept = await self._store.quiz_pictures.prints(guild_id)

        def find() -> int | None:
            ids, prints = [], []
            for number, data in kept.items():
                try:
                    prints.append(Fingerprint.from_bytes(data))
                except FingerprintBroken:  # of another version: it is not compared
                    continue
                ids.append(number)
            boxes = [one.box for one in portrait.sitters if one.box is not None]
            sighting = Lookout(prints).find(decode_picture(portrait.picture), boxes)
            return None if sighting is None else ids[sighting.index]

        if kept and (same := await asyncio.to_thread(find)) is not None:
            raise PictureThere(same)


def _archive(kept: list[QuizPicture]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        table = []
        for one in kept:
            about = one.summary
            file = f"pictures/{about.id}.webp"
            archive.writestr(file, one.picture)
            table.append(
                {
                    "file": file,
                    "character": about.name,
                    "series": about.series,
                    "id": about.character_id,
                    "added_by": str(about.added_by),
                    "consented_at": about.consented_at.isoformat(),
                    "adult": about.adult,
                    "spoiler": about.spoiler,
                    "difficulty": about.difficulty,
                }
            )
        listing = {"form": _EXPORT_FORM, "pictures": table}
        archive.writestr("pictures.json", json.dumps(listing, ensure_ascii=False, indent=2))
    return out.getvalue()
