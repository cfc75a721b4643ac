"""What is kept, forgetting it, and what the bot says about itself."""

from __future__ import annotations

from sandbox import StoredMessage, User
from store.types import Subject
from tests.e2e.conftest import Club
from tests.e2e.test_teaching import NAME, alone, names, taught

__all__ = ["alone"]


async def said(club: Club, command: str, user: User | None = None) -> StoredMessage:
    sandbox = club.sandbox
    handle = await sandbox.slash(user or sandbox.member, sandbox.channel, command)
    answer = await handle.wait_answer()
    assert answer.ephemeral
    return answer


async def test_privacy_says_what_is_kept_of_whoever_asks(club: Club, portrait: bytes) -> None:
    before = await said(club, "privacy")
    text = before.embeds[0]["description"]
    assert "Pictures" in text
    assert "30 days" in text
    assert "I keep nothing about you." in text
    await club.answer(portrait)
    after = await said(club, "privacy")
    assert "1 answer I gave you" in after.embeds[0]["description"]
    dm = club.sandbox.dm(club.sandbox.member)
    handle = await club.sandbox.slash(club.sandbox.member, dm, "privacy")
    assert (await handle.wait_answer()).embeds


async def test_a_member_is_forgotten_after_being_asked(
    club: Club, alone: bytes, friends: bytes
) -> None:
    sandbox, store = club.sandbox, club.services.store
    assert store is not None
    await taught(club, alone)
    assert NAME in await names(club, friends)
    question = await said(club, "forget me", sandbox.staff)
    assert "cannot be undone" in question.content
    await sandbox.click(sandbox.staff, question, "Cancel")
    await sandbox.wait_for(lambda: question.content == "Nothing was forgotten.")
    assert NAME in await names(club, friends)
    question = await said(club, "forget me", sandbox.staff)
    await sandbox.click(sandbox.staff, question, "Everywhere")
    await sandbox.wait_for(lambda: question.content.startswith("Done."))
    assert not question.components
    assert NAME not in await names(club, friends)
    assert (await store.privacy.held_everywhere(sandbox.staff.id)).total == 0


async def test_here_is_not_everywhere(club: Club, alone: bytes) -> None:
    sandbox, store, teacher = club.sandbox, club.services.store, club.services.teacher
    assert store is not None
    assert teacher is not None
    await taught(club, alone)
    (looked,) = await teacher.look(999, [alone])
    await teacher.teach(999, Subject(NAME), {0: looked.faces[0]}, actor_id=sandbox.staff.id)
    question = await said(club, "forget me", sandbox.staff)
    await sandbox.click(sandbox.staff, question, "In this server")
    await sandbox.wait_for(lambda: question.content.startswith("Done."))
    assert await store.gallery.characters(sandbox.guild.id) == ()
    assert len(await store.gallery.characters(999)) == 1


async def test_only_the_owner_has_a_server_forgotten(
    club: Club, alone: bytes, friends: bytes
) -> None:
    sandbox, store = club.sandbox, club.services.store
    assert store is not None
    await taught(club, alone)
    for user in (sandbox.member, sandbox.staff):
        refused = await said(club, "forget server", user)
        assert refused.content == "Only the owner of the server can do that."
    question = await said(club, "forget server", sandbox.owner)
    await sandbox.click(sandbox.owner, question, "Cancel")
    await sandbox.wait_for(lambda: question.content == "Nothing was forgotten.")
    assert NAME in await names(club, friends)
    question = await said(club, "forget server", sandbox.owner)
    await sandbox.click(sandbox.owner, question, "Forget it all")
    await sandbox.wait_for(lambda: question.content.startswith("Done."))
    assert await store.gallery.characters(sandbox.guild.id) == ()
    assert NAME not in await names(club, friends)
    dm = sandbox.dm(sandbox.owner)
    handle = await sandbox.slash(sandbox.owner, dm, "forget server")
    assert "only in a server" in (await handle.wait_answer()).content


async def test_about_tells_what_was_measured(club: Club, alone: bytes, portrait: bytes) -> None:
    await taught(club, alone)
    embed = (await said(club, "about")).embeds[0]
    facts = club.services.facts
    assert facts.version in embed["description"]
    assert facts.model_id in embed["description"]
    fields = {one["name"]: one["value"] for one in embed["fields"]}
    assert fields["Whom I know"].endswith("and 1 taught in this server")
    assert f"{100 * facts.measured['top1']:.1f} %" in fields["How well"]
    assert f"0 of {club.encoder.limit} places in line are taken" in fields["How busy"]
    assert "ms away" in fields["How busy"]
    assert "answer" not in fields["How busy"]  # none was given yet
    await club.answer(portrait)
    await club.services.work.idle(5.0)
    assert "The last answer took " in await how_busy(club)
    await club.answer(portrait)
    await club.services.work.idle(5.0)
    assert "Of the last 2 answers half took at most " in await how_busy(club)
    club.encoder.gate.clear()
    waiting = await club.whois(portrait)
    await waiting.wait_acked()
    assert f"1 of {club.encoder.limit} places" in await how_busy(club)
    club.encoder.gate.set()
    await waiting.wait_answer()


async def how_busy(club: Club) -> str:
    fields = (await said(club, "about")).embeds[0]["fields"]
    return next(str(one["value"]) for one in fields if one["name"] == "How busy")
