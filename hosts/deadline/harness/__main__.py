"""`python -m harness …`, or `python <this folder> …`: without a PYTHONPATH that plugins would inherit."""

import os
import sys

if not __package__:
    sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

from harness.command_line import main  # noqa: E402

sys.exit(main(sys.argv[1:]))
