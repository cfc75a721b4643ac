"""``python -m sandbox [--port N]``: the stand-in alone; start a bot against the printed
addresses.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal

from sandbox import Sandbox

KEEP = 2000
"""Requests and gateway frames that the transcript keeps."""


async def serve(port: int) -> None:
    """Run until Ctrl-C or SIGTERM."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows
            loop.add_signal_handler(name, stop.set)
    async with Sandbox(port=port, keep=KEEP) as sandbox:
        print(f"page     {sandbox.page_url}")
        print(f"REST     {sandbox.rest_url}")
        print(f"gateway  {sandbox.gateway_url}")
        print(f"token    {sandbox.token}", flush=True)
        await stop.wait()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument(
        "--port", type=int, default=0, help="port on 127.0.0.1 (default: a free one)"
    )
    port = parser.parse_args().port
    try:
        asyncio.run(serve(port))
    except OSError as problem:
        raise SystemExit(f"cannot listen on 127.0.0.1:{port}: {problem.strerror}") from None
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
