"""Where the helper for goals made by hand stands."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
