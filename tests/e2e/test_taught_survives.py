"""What was said to be learned survives the worst end of the process."""

from __future__ import annotations

from pathlib import Path

from sandbox import Sandbox
from scripts.demo import read_answer
from store.opening import open_store
from tests.e2e.conftest import COMMANDS
from tests.e2e.test_process import addresses, started
from tests.sandbox.contract import check_transcript

NAME = "Hoshino Quxu"


async def test_kill_9_right_after_learned(root: Path, tmp_path: Path, friends: bytes) -> None:
    async with Sandbox() as sandbox:
        database = f"sqlite:///{tmp_path}/aniwhois.db"
        variables = {**addresses(sandbox), "ANIWHOIS_DATABASE_URL": database}
        async with started(root, **variables) as running:
            await sandbox.wait_ready([*COMMANDS, "teach"], timeout=60)
            options = {"character": NAME, "picture1": ("a.png", friends)}
            handle = await sandbox.slash(sandbox.staff, sandbox.channel, "teach add", options)
            question = await handle.wait_answer(120)
            menu = "Which face is it?"
            await sandbox.select(sandbox.staff, question, menu, ["Face 3"])
            await sandbox.wait_for(lambda: "I've learned" in question.content, 30)
            running.process.kill()
        # The stand-in still knows the commands of the one that is gone; the new one has a session.
        async with started(root, **variables) as running:
            await running.logged(r"ready guilds=\d", 60)
            await running.logged("weights loaded", 120)
            asked = {"picture": ("b.png", friends)}
            handle = await sandbox.slash(sandbox.member, sandbox.channel, "whois", asked)
            answer = await handle.wait_answer(120)
            assert [one.name for one in read_answer(answer)][-1] == NAME
            assert "Traceback" not in running.log
        assert sandbox.violations == []
        assert check_transcript(sandbox.transcript) == []


async def test_a_suggestion_is_approved_after_a_restart(
    root: Path, tmp_path: Path, portrait: bytes
) -> None:
    async with Sandbox() as sandbox:
        database = f"sqlite:///{tmp_path}/aniwhois.db"
        variables = {**addresses(sandbox), "ANIWHOIS_DATABASE_URL": database}
        async with open_store(database) as store:
            guild = sandbox.guild.id
            channel = sandbox.bots.id
            await store.settings.change(guild, None, approval_channel=channel, keep_crops=True)
            async with started(root, **variables) as running:
                await sandbox.wait_ready([*COMMANDS, "teach"], timeout=60)
                options = {"character": NAME, "picture1": ("a.png", portrait)}
                handle = await sandbox.slash(sandbox.member, sandbox.channel, "teach add", options)
                assert "to staff in" in (await handle.wait_answer(120)).content
                asked = await sandbox.wait_message(sandbox.bots)
                running.process.kill()
            async with started(root, **variables) as running:
                await running.logged(r"ready guilds=\d", 60)
                refused = await sandbox.click(sandbox.other, asked, "Approve")
                assert (await refused.wait_answer()).content == "Only staff can do that here."
                await (await sandbox.click(sandbox.staff, asked, "Approve")).wait_acked()
                await sandbox.wait_for(lambda: "Approved by" in asked.content, 20)
                assert "Traceback" not in running.log
            (one,) = await store.gallery.characters(guild)
            assert (one.name, one.exemplars) == (NAME, 1)
            found = await store.gallery.load(guild, next(iter(await store.gallery.models(guild))))
            # The server keeps crops: the small picture went from the suggestion into the gallery.
            assert found.characters[0].exemplars[0].has_crop
        assert sandbox.violations == []
        assert check_transcript(sandbox.transcript) == []


async def test_a_correction_is_approved_after_a_restart(
    root: Path, tmp_path: Path, portrait: bytes
) -> None:
    async with Sandbox() as sandbox:
        database = f"sqlite:///{tmp_path}/aniwhois.db"
        variables = {**addresses(sandbox), "ANIWHOIS_DATABASE_URL": database}
        async with open_store(database) as store:
            guild, where = sandbox.guild.id, sandbox.bots
            await store.settings.change(guild, None, approval_channel=where.id)
            async with started(root, **variables) as running:
                await sandbox.wait_ready([*COMMANDS, "teach"], timeout=60)
                options = {"picture": ("a.png", portrait)}
                handle = await sandbox.slash(sandbox.member, sandbox.channel, "whois", options)
                answer = await handle.wait_answer(120)
                await sandbox.wait_for(lambda: bool(answer.files), 120)
                form = await sandbox.click(sandbox.member, answer, "That's wrong")
                await form.wait_modal()
                await sandbox.submit_modal(sandbox.member, form, {"Who is it?": NAME})
                asked = await sandbox.wait_message(where, timeout=30)
                running.process.kill()
            async with started(root, **variables) as running:
                await running.logged(r"ready guilds=\d", 60)
                refused = await sandbox.click(sandbox.member, asked, "Approve")
                assert (await refused.wait_answer()).content == "Only staff can do that here."
                await (await sandbox.click(sandbox.staff, asked, "Approve")).wait_acked()
                await sandbox.wait_for(lambda: "Approved by" in asked.content, 20)
                assert "Traceback" not in running.log
            assert [one.name for one in await store.gallery.characters(guild)] == [NAME]
        assert sandbox.violations == []
        assert check_transcript(sandbox.transcript) == []
