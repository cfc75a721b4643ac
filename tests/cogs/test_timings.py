"""How long answers took."""

from __future__ import annotations

from cogs.shared.timings import Timings


def test_shares_of_the_last_answers() -> None:
    timings = Timings()
    assert timings.share_within(0.5) is None
    timings.note(3.0)
    assert (len(timings), timings.share_within(0.5), timings.share_within(0.95)) == (1, 3.0, 3.0)
    for number in range(1000):
        timings.note(number / 100)
    assert len(timings) == 200
    half, most = timings.share_within(0.5), timings.share_within(0.95)
    assert half is not None
    assert most is not None
    assert abs(half - 9.0) < 0.1
    assert abs(most - 9.9) < 0.1
