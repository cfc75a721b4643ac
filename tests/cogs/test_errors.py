"""The table of errors: complete, friendly, and free of what only operators need."""

from __future__ import annotations

from pathlib import Path

import pytest

from cogs.errors import apology, sentence_for
from cogs.shared import refusals
from recognition import errors
from store import errors as stored

ERRORS: list[Exception] = [
    errors.PictureTooLarge("bytes", limit=25 * 2**20, actual=26 * 2**20),
    errors.PictureTooLarge("pixels", limit=40_000_000, actual=400_000_000),
    errors.PictureTooLarge("side_px", limit=16_384, actual=20_000),
    errors.PictureTooLarge("frames", limit=3000, actual=4000),
    errors.UnsupportedPicture(),
    errors.BrokenPicture("PNG", "secret path"),
    errors.PictureInQuiz(),
    errors.EncoderBusy(waiting=8, limit=8),
    errors.CharacterUnknown("secret"),
    errors.CharacterNotAdded("secret"),
    errors.TooManyPictures(limit=20, actual=21),
    refusals.NoPictures(),
    refusals.PictureGone(),
    refusals.PictureTooSlow(20.0),
    refusals.PictureUnreachable("secret path"),
    refusals.LinkRefused("secret"),
    refusals.LinkUnreachable("secret address"),
    refusals.NothingHere(50),
    refusals.ChannelUnreadable(),
    refusals.ContentHidden(),
    refusals.AlreadyAsking(),
    refusals.AskedTooSoon(1.4),
    refusals.Stopping(),
    refusals.StaffOnly(),
    refusals.StaffOnly("manage"),
    refusals.OwnerOnly(),
    refusals.NotHere(),
    refusals.NoApprovalChannel(),
    refusals.NobodyTaught("secret"),
    refusals.FileTooLarge(limit=2**24, actual=2**25),
    stored.UnknownCharacter(1, "secret"),
    stored.UnknownLesson(1, "secret"),
    stored.UnknownAction(1, "secret"),
    stored.NothingToUndo(1, "secret"),
    stored.NameTaken("secret", 2),
    stored.AlreadyDecided(1, "approved", 2),
    stored.PictureThere(3),
    stored.UnknownQuizPicture(1, 3),
    *(stored.UndoConflict(1, reason) for reason in ("undone", "gone", "name", "kind")),
    stored.LimitReached("pending_per_member", limit=10, actual=11),
    stored.LimitReached("pending_per_server", limit=200, actual=201),
    stored.LimitReached("quizzes_per_server", limit=50, actual=51),
    stored.LimitReached("exemplars_per_server", limit=20_000, actual=20_001),
    stored.ValueRefused("name", "secret"),
    stored.ValueRefused("target_id", 1),
    stored.ValueRefused("seconds", "secret"),
    stored.BundleBroken("secret"),
    stored.BundleOfOtherModel(expected="secret", actual="secret"),
]


def leaves(kind: type[Exception]) -> set[type[Exception]]:
    below = kind.__subclasses__()
    return set().union(*map(leaves, below)) if below else {kind}


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: repr(error)[:40])
def test_every_domain_error_has_a_short_sentence(error: Exception) -> None:
    sentence = sentence_for(error)
    assert sentence is not None
    assert sentence[-1] in ".!?"
    assert len(sentence) <= 120
    assert "secret" not in sentence
    assert type(error).__name__ not in sentence


def test_no_domain_error_is_forgotten() -> None:
    told = {type(error) for error in ERRORS if not isinstance(error, stored.StoreError)}
    for_operators = {errors.WeightsMissing, errors.WeightsCorrupt, errors.ModelMismatch}
    known = leaves(errors.RecognitionError) | leaves(refusals.Refusal)
    # Other tests may derive their own errors; only the project's count.
    ours = {kind for kind in known if kind.__module__.startswith(("recognition", "cogs"))}
    # Those of a feature bring their sentences along; the feature's tests look at them.
    ours = {kind for kind in ours if not issubclass(kind, refusals.ToldRefusal)}
    assert ours == told | for_operators


def test_the_installation_is_the_operators_matter_and_its_paths_too() -> None:
    error = errors.WeightsMissing(Path("/srv/secret/weights"))
    assert sentence_for(error) is None
    text = apology(error, "abcd1234")
    assert "abcd1234" in text
    assert "secret" not in text


def test_numbers_are_told() -> None:
    assert "8 people are ahead" in str(sentence_for(errors.EncoderBusy(waiting=8, limit=8)))
    assert "1 person is ahead" in str(sentence_for(errors.EncoderBusy(waiting=1, limit=1)))
    assert "25 MB" in str(sentence_for(ERRORS[0]))
    assert "40 megapixels" in str(sentence_for(ERRORS[1]))
    assert "1 more second," in str(sentence_for(refusals.AskedTooSoon(0.2)))


def test_nobody_expected_this() -> None:
    assert sentence_for(KeyError("x")) is None
    assert "`abcd1234`" in apology(KeyError("x"), "abcd1234")
