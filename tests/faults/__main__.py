"""``python -m tests.faults``."""

import sys

from tests.faults.long_run import main

# Workers are spawned and import this module under another name.
if __name__ == "__main__":
    sys.exit(main())
