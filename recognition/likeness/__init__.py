"""Is this picture, or a face in it, the same drawing as one of a few others?

Not "the same character": two drawings of one character are no copies of each other. A quiz asks
this of every picture that somebody shows the bot while a picture of the quiz is up.

`Fingerprint` is what is kept of a picture (`fingerprint.py`), `Lookout` holds those of the pictures
looked out for (`lookout.py`). Two roads lead to "the same": **points** (ORB: Rublee et al. 2011)
that lie in both pictures in the same arrangement, and **patches** (`patches.py`) that correlate.
Points say how one picture lies in the other, whether cut, bordered, mirrored or photographed; the
patches, looked at where the points say, tell the same drawing from one of the same hand.
"""

from recognition.likeness.fingerprint import Fingerprint, FingerprintBroken, take_fingerprint
from recognition.likeness.lookout import Lookout, Sighting

__all__ = ["Fingerprint", "FingerprintBroken", "Lookout", "Sighting", "take_fingerprint"]
