"""What is put right is learned, from the face that was called wrongly: by staff at once, by others
when staff agree.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from cogs.errors import sentence_for
from cogs.identify import texts
from cogs.identify.refound import link_again
from cogs.identify.wording import escaped
from cogs.shared import texts as shared_texts
from cogs.shared.approval import approval_channel, ask_staff
from cogs.shared.language import _
from cogs.shared.refusals import NoApprovalChannel, Refusal
from cogs.shared.safe import ServedInteraction
from cogs.shared.services import Services
from recognition.errors import PictureInQuiz, RecognitionError
from store.errors import StoreError
from store.types import Answer, AnsweredPicture, Correction, LessonSource, Subject
from teaching.lessons import FoundFace

if TYPE_CHECKING:
    from teaching.teacher import Teacher

MOST_FACES = 25
"""Faces of a picture that a lesson looks at; see ``teaching.looking``."""
log = logging.getLogger(__name__)


async def learn(
    interaction: ServedInteraction,
    services: Services,
    answer: Answer,
    correction: Correction,
    subject: Subject,
) -> str:
    """Learns for the answer's server; returns what to tell whoever put it right.

    What fails leaves the correction as it is noted.
    """
    teacher = services.teacher
    if teacher is None or answer.guild_id is None:
        return _(texts.THANKS)
    try:
        face = await _face_again(interaction, services, teacher, answer, correction)
        if face is None:
            return _(texts.NOTED_ONLY)
        report = await teacher.teach(
            answer.guild_id,
            subject,
            {0: face},
            actor_id=correction.corrected_by,
            request_id=interaction.id,
            keep=[0],  # that it looks like somebody else is why it was put right
            source=LessonSource.CORRECTION,
        )
    except (Refusal, RecognitionError, StoreError) as problem:
        log.info("a correction was not learned reason=%s", type(problem).__name__)
        return texts.not_learned(sentence_for(problem) or "")
    if report.lesson is None:
        return _(texts.KNOWN_ALREADY)
    return texts.learned(escaped(report.subject.name))


async def suggest(
    interaction: ServedInteraction,
    services: Services,
    answer: Answer,
    correction: Correction,
    subject: Subject,
    said: str | None,
) -> str:
    """Shows it to staff, who decide whether it is learned; returns and fails as `learn` does.

    ``said``: whom the answer had named.
    """
    teacher, store = services.teacher, services.store
    here = answer.guild_id is not None and interaction.is_guild_integration()
    if teacher is None or store is None or answer.guild_id is None or not here:
        return _(texts.THANKS)
    try:
        channel = await approval_channel(interaction, store)
    except NoApprovalChannel:
        return texts.not_suggested()
    try:
        face = await _face_again(interaction, services, teacher, answer, correction)
        if face is None:
            return _(texts.NOTED_ONLY)
        if await teacher.waits(answer.guild_id, subject, face):
            return texts.waiting_already()
        report = await teacher.propose(
            answer.guild_id,
            subject,
            {0: face},
            actor_id=correction.corrected_by,
            request_id=interaction.id,
            source=LessonSource.CORRECTION,
        )
        if report.lesson is None:
            return _(texts.KNOWN_ALREADY)
        await ask_staff(
            interaction,
            channel,
            store,
            report,
            question=lambda: shared_texts.corrects(
                correction.corrected_by, subject.name, said, _link_to(answer)
            ),
            hidden=answer.pictures[correction.picture].spoiler,
        )
    except (Refusal, RecognitionError, StoreError) as problem:
        log.info("a correction was not suggested reason=%s", type(problem).__name__)
        return texts.not_shown(sentence_for(problem) or "")
    return texts.suggested(escaped(report.subject.name), channel.id)


async def _face_again(
    interaction: ServedInteraction,
    services: Services,
    teacher: Teacher,
    answer: Answer,
    correction: Correction,
) -> FoundFace | None:
    """The face that a correction is about; None where the picture shows others now.

    The picture is fetched and looked at again: nothing of it is kept with an answer.

    Raises:
        Refusal, RecognitionError: it cannot be, or a quiz asks just now who that is.
    """
    assert answer.guild_id is not None
    picture = answer.pictures[correction.picture]
    link = await link_again(interaction.client, picture)
    async with services.line.turn(services.work, slow=link.outside):
        (looked,) = await teacher.look(answer.guild_id, [await services.downloader.fetch(link)])
    if isinstance(looked.problem, PictureInQuiz):
        raise looked.problem
    index = correction.face or 0
    same = correction.face is None or _as_many(len(looked.faces), picture)
    if looked.problem is not None or not same or index >= len(looked.faces):
        return None
    return looked.faces[index]


def _as_many(found: int, picture: AnsweredPicture) -> bool:
    """Whether the same faces were found again; of a crowd, a lesson looks at the first ones."""
    before = len(picture.recognition.faces)
    return found == before or (found < before and before > MOST_FACES)


def _link_to(answer: Answer) -> str | None:
    """Where the answer stands, unless only its asker sees it."""
    if answer.private or answer.message_id is None:
        return None
    return f"https://discord.com/channels/{answer.guild_id}/{answer.channel_id}/{answer.message_id}"
