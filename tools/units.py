"""Quantities as people read them."""

from __future__ import annotations


def human_bytes(count: int) -> str:
    """1_234_567 -> '1.2 MB'; 0 means the size is not known."""
    if not count:
        return "size unknown"
    size = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.1f} {unit}" if unit != "B" and size < 100 else f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"
