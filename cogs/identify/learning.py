"""What staff put right is learned at once, from the face that was called wrongly."""

from __future__ import annotations

import logging

import discord

from cogs.errors import sentence_for
from cogs.identify import texts
from cogs.identify.refound import link_again
from cogs.identify.wording import escaped
from cogs.shared.refusals import Refusal
from cogs.shared.services import Services
from recognition.errors import PictureInQuiz, RecognitionError
from store.errors import StoreError
from store.types import Answer, AnsweredPicture, Correction, LessonSource, Subject

MOST_FACES = 25
"""Faces of a picture that a lesson looks at; see ``teaching.looking``."""
log = logging.getLogger(__name__)


async def learn(
    client: discord.Client, services: Services, answer: Answer, correction: Correction, request: int
) -> str:
    """Learns for the answer's server; returns what to tell whoever put it right.

    The picture is fetched and looked at again: nothing of it is kept with an answer. What fails
    leaves the correction as it is noted.
    """
    teacher = services.teacher
    if teacher is None or answer.guild_id is None or correction.truth is None:
        return texts.THANKS
    picture = answer.pictures[correction.picture]
    character = services.catalog.get(correction.catalog_id or "")
    series = character.series.title if character else ""
    subject = Subject(correction.truth, series, correction.catalog_id)
    try:
        data = await services.downloader.fetch(await link_again(client, picture))
        (looked,) = await teacher.look(answer.guild_id, [data])
        if isinstance(looked.problem, PictureInQuiz):
            return texts.not_learned(sentence_for(looked.problem) or "")
        index = correction.face or 0
        same = correction.face is None or _as_many(len(looked.faces), picture)
        if looked.problem is not None or not same or index >= len(looked.faces):
            return texts.NOTED_ONLY
        report = await teacher.teach(
            answer.guild_id,
            subject,
            {0: looked.faces[index]},
            actor_id=correction.corrected_by,
            request_id=request,
            keep=[0],  # that it looks like somebody else is why it was put right
            source=LessonSource.CORRECTION,
        )
    except (Refusal, RecognitionError, StoreError) as problem:
        log.info("a correction was not learned reason=%s", type(problem).__name__)
        return texts.not_learned(sentence_for(problem) or "")
    if report.lesson is None:
        return texts.KNOWN_ALREADY
    return texts.learned(escaped(report.subject.name))


def _as_many(found: int, picture: AnsweredPicture) -> bool:
    """Whether the same faces were found again; of a crowd, a lesson looks at the first ones."""
    before = len(picture.recognition.faces)
    return found == before or (found < before and before > MOST_FACES)
