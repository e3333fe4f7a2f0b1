"""`python -m prefrontal`: the command line."""

import sys

from .doors.cli import main

sys.exit(main())
