"""What a page or a job answers with a sentence instead of failing.

``reports`` knows nothing of the application's errors, so keys and signatures have a root of their own; both have a
``code``, a ``status`` and a ``message``, and whoever catches one catches the other.
"""

from __future__ import annotations

from app.errors import KiemtraError
from reports.signing.signing_errors import SigningError

REFUSALS = (KiemtraError, SigningError)
