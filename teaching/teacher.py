"""Learning for one server: what of the chosen faces is used, and that it is on the disk."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np

from catalog import Catalog
from recognition.learning import Enrolment, Outlier
from recognition.recognizer import Check, Recognizer
from recognition.types import Embedding, KnownCharacter
from store.bundle import bundle_of, read_bundle, write_bundle
from store.errors import AlreadyDecided, BundleBroken, UnknownLesson, ValueRefused
from store.names import key_of
from store.opening import Store
from store.types import Evidence, Lesson, LessonSource, Sample, Subject
from teaching.lessons import FoundFace, Looked, Report, tidied
from teaching.looking import look
from teaching.servers import KnownHere, ServerGalleries

_NEW = "new"
_MOST_WAITING = 200
_ONE_PICTURE = 0.9999


class Teacher:
    """Learns in servers. Who may is the caller's to check: staff `teach`, others `propose`.

    Args:
        recognizer: looks at pictures.
        galleries: whom servers know.
        store: where lessons go.
        catalog: whom everybody knows.
        check: says of which pictures nothing may be said, nor learned.
    """

    def __init__(
        self,
        recognizer: Recognizer,
        galleries: ServerGalleries,
        store: Store,
        catalog: Catalog,
        check: Check | None = None,
    ) -> None:
        self._check = check
        self._recognizer = recognizer
        self._galleries = galleries
        self._store = store
        self._catalog = catalog

    async def look(self, guild_id: int, pictures: Sequence[bytes]) -> tuple[Looked, ...]:
        """Looks at pictures, one after the other. Raises EncoderBusy, WeightsError."""
        decider = await self._galleries.decider(guild_id)
        with self._recognizer.admit():
            return tuple(
                [
                    await look(self._recognizer, decider, picture, index, self._check)
                    for index, picture in enumerate(pictures)
                ]
            )

    async def teach(
        self,
        guild_id: int,
        subject: Subject,
        faces: Mapping[int, FoundFace],
        *,
        actor_id: int,
        request_id: int | None = None,
        keep: Collection[int] = (),
        source: LessonSource = LessonSource.TEACH,
    ) -> Report:
        """Learns at once: when this returns, it is on the disk and counts in every process.

        Args:
            faces: picture's index → the face of it that was chosen.
            request_id: the interaction; see `LessonRepository.teach`.
            keep: pictures to use even where they look like somebody else.

        Raises:
            ValueError: no faces.
            ValueRefused, LimitReached: nothing was learned.
        """
        report = await self._weigh(guild_id, subject, faces, keep)
        if not report.samples:
            return report
        lesson = await self._store.lessons.teach(
            guild_id,
            report.subject,
            report.samples,
            actor_id=actor_id,
            request_id=request_id,
            source=source,
        )
        return replace(report, lesson=lesson)

    async def propose(
        self,
        guild_id: int,
        subject: Subject,
        faces: Mapping[int, FoundFace],
        *,
        actor_id: int,
        request_id: int | None = None,
        source: LessonSource = LessonSource.TEACH,
    ) -> Report:
        """Puts a lesson into the queue of those that staff decide; otherwise as `teach`.

        Outliers are proposed too, with the warning: that is what staff look at.
        """
        report = await self._weigh(guild_id, subject, faces, list(faces))
        if not report.samples:
            return report
        lesson = await self._store.lessons.propose(
            guild_id,
            report.subject,
            report.samples,
            actor_id=actor_id,
            request_id=request_id,
            source=source,
        )
        return replace(report, lesson=lesson)

    async def waits(self, guild_id: int, subject: Subject, face: FoundFace) -> bool:
        """Whether staff are already asked about this very face under this name, by anybody."""
        name = key_of(tidied(subject).name, None)
        for lesson in await self._store.proposals.pending(guild_id, _MOST_WAITING):
            if key_of(lesson.name, None) != name:
                continue
            try:
                proposal = await self._store.proposals.proposal(guild_id, lesson.id)
            except (AlreadyDecided, UnknownLesson):  # in between
                continue
            if any(_same(one.embedding, face.embedding) for one in proposal.samples):
                return True
        return False

    async def export(self, guild_id: int) -> tuple[bytes, int]:
        """Everything the server taught as a file, and of how many characters."""
        known = await self._galleries.get(guild_id)
        bundle = bundle_of(known.taught)
        return await asyncio.to_thread(write_bundle, bundle), len(bundle.characters)

    async def take_in(
        self, guild_id: int, data: bytes, *, actor_id: int, request_id: int | None = None
    ) -> tuple[Lesson, int]:
        """Learns an exported file; returns its lesson and how many characters it has.

        Raises:
            BundleBroken, BundleOfOtherModel, LimitReached: nothing was learned.
        """
        model_id = self._recognizer.gallery.model_id
        bundle = await asyncio.to_thread(read_bundle, data, model_id=model_id)
        dimension = self._recognizer.gallery.dimension
        for subject, embeddings in bundle.characters:
            if subject.catalog_id is not None and subject.catalog_id not in self._catalog:
                raise BundleBroken("catalog_id")
            if embeddings[0].vector.shape != (dimension,):
                raise BundleBroken("dimension")
        if not bundle.characters:
            raise BundleBroken("empty")
        try:
            lesson = await self._store.lessons.take_in(
                guild_id, bundle, actor_id=actor_id, request_id=request_id
            )
        except ValueRefused as problem:
            raise BundleBroken(problem.name) from problem
        return lesson, len(bundle.characters)

    async def _weigh(
        self,
        guild_id: int,
        subject: Subject,
        faces: Mapping[int, FoundFace],
        keep: Collection[int],
    ) -> Report:
        """What would be learned; nothing is stored. Raises ValueRefused."""
        subject = tidied(subject)
        known = await self._galleries.get(guild_id)
        places = sorted(faces)
        chosen = [faces[index] for index in places]
        enrolment = known.gallery.add(
            KnownCharacter(_id_of(subject, known), subject.name, subject.series),
            [one.embedding for one in chosen],
            hashes=[one.hash for one in chosen],
            keep=[place for place, index in enumerate(places) if index in keep],
        ).reindexed(places)
        warned = {one.index: one for one in enrolment.outliers}
        samples = tuple(
            Sample(
                faces[index].embedding,
                faces[index].crop,
                _evidence(known, enrolment, faces[index], warned.get(index)),
            )
            for index in enrolment.used
        )
        return Report(
            subject,
            None,
            enrolment.used,
            enrolment.centres,
            enrolment.duplicates,
            enrolment.outliers,
            enrolment.nearest,
            samples,
        )


def _same(one: Embedding, other: Embedding) -> bool:
    """Whether two vectors are of one picture; what is kept has half the precision."""
    alike = one.model_id == other.model_id
    return alike and float(np.dot(one.vector, other.vector)) > _ONE_PICTURE


def _id_of(subject: Subject, known: KnownHere) -> str:
    """The subject's id in the server's gallery; one that nobody has where it is new."""
    key = key_of(subject.name, subject.catalog_id)
    for one in known.taught.characters:
        if key_of(one.name, one.catalog_id) == key:
            return one.gallery_id
    return subject.catalog_id or _NEW


def _evidence(
    known: KnownHere, enrolment: Enrolment, face: FoundFace, outlier: Outlier | None
) -> Evidence:
    """Whom else a face resembles, for those who decide about it."""
    nearest = outlier.nearest if outlier else None
    if nearest is None:
        own = enrolment.character.id
        others = (one for one in known.gallery.search(face.embedding, 2) if one.character.id != own)
        nearest = next(others, None)
    if nearest is None:
        return Evidence()
    return Evidence(nearest.character.name, round(nearest.cosine, 4), outlier is not None)
