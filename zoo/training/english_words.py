"""Make the word list that settles which of two readings of a line is the likelier: `tools/english_words.txt.gz`.

Usage: python zoo/training/english_words.py
Reads the Debian package wamerican-small (the list of SCOWL, whose notice the file keeps) and keeps its words of letters
alone. The same list gives the same bytes.
"""

from __future__ import annotations

import gzip
import re
from pathlib import Path

SOURCE = Path("/usr/share/dict/american-english-small")
TARGET = Path(__file__).resolve().parents[2] / "tools" / "english_words.txt.gz"
NOTICE = """\
# Words of SCOWL (Spell Checker Oriented Word Lists), as in the Debian package wamerican-small.
# Copyright 2000-2011 by Kevin Atkinson
# Permission to use, copy, modify, distribute and sell these word lists, the associated scripts, the output created from
# the scripts, and its documentation for any purpose is hereby granted without fee, provided that the above copyright
# notice appears in all copies and that both that copyright notice and this permission notice appear in supporting
# documentation. Kevin Atkinson makes no representations about the suitability of this array for any purpose. It is
# provided "as is" without express or implied warranty.
"""


def main() -> None:
    """Writes the list."""
    words = sorted(set(re.findall(r"^[A-Za-z]{2,15}$", SOURCE.read_text(encoding="utf-8"), re.MULTILINE)))
    TARGET.write_bytes(gzip.compress((NOTICE + "\n".join(words) + "\n").encode("ascii"), 9, mtime=0))
    print(f"{len(words)} words, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
