"""What was acknowledged in a quiz survives the worst end of the process."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sandbox import Sandbox, StoredMessage, User
from store.opening import Store, open_store
from tests.e2e.conftest import COMMANDS
from tests.e2e.test_process import addresses, started
from tests.sandbox.contract import check_transcript


async def state(store: Store) -> dict[str, Any]:
    ((guild_id, quiz_id),) = await store.quizzes.everywhere()
    return dict((await store.quizzes.get(guild_id, quiz_id)).state)


def right(found: dict[str, Any]) -> str:
    asked = found["asked"]
    (token,) = [one["token"] for one in asked["choices"] if one["id"] == asked["person_id"]]
    return f"quiz:a:{token}"


async def press(sandbox: Sandbox, user: User, message: StoredMessage, button: str) -> str:
    return (await (await sandbox.click(user, message, button)).wait_answer()).content


async def test_kill_9_right_after_noted(root: Path, tmp_path: Path) -> None:
    async with Sandbox() as sandbox:
        database = f"sqlite:///{tmp_path}/aniwhois.db"
        variables = {**addresses(sandbox), "ANIWHOIS_DATABASE_URL": database}
        channel = sandbox.channel
        async with open_store(database) as store:
            async with started(root, **variables) as running:
                await sandbox.wait_ready([*COMMANDS, "quiz"], timeout=60)
                options = {"rounds": 1, "seconds": 300}
                start = await sandbox.slash(sandbox.member, channel, "quiz start", options)
                answer = await start.wait_answer()
                message = await sandbox.wait_message(channel, after=answer)
                await sandbox.wait_for(lambda: "<t:" in json.dumps(message.embeds))
                button = right(await state(store))
                noted = await press(sandbox, sandbox.member, message, button)
                assert noted.startswith("Noted: ")
                running.process.kill()
            async with started(root, **variables) as running:
                await running.logged("resuming quiz=", 60)
                back = await sandbox.wait_message(channel, after=message)
                assert "No answer is lost" in back.content
                again = await press(sandbox, sandbox.member, message, button)
                assert "One answer a round" in again
                assert "Noted" in await press(sandbox, sandbox.other, message, button)
                stop = await sandbox.slash(sandbox.staff, channel, "quiz stop", {})
                await stop.wait_answer()
                await sandbox.wait_for(lambda: podium(sandbox) is not None, 20)
                text = json.dumps(podium(sandbox).embeds)  # type: ignore[union-attr]
                assert str(sandbox.member.id) in text
                assert str(sandbox.other.id) in text
                assert "Traceback" not in running.log
            board = await store.quiz_scores.board(sandbox.guild.id, season=1)
            assert {one.member_id for one in board} == {sandbox.member.id, sandbox.other.id}
            assert all(one.points > 0 for one in board)
        assert sandbox.violations == []
        assert check_transcript(sandbox.transcript) == []


def podium(sandbox: Sandbox) -> StoredMessage | None:
    found = [one for one in sandbox.messages(sandbox.channel) if "podium" in json.dumps(one.embeds)]
    return found[0] if found else None
