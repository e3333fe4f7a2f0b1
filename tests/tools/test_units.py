"""Quantities as people read them."""

from __future__ import annotations

from prefrontal.tools.units import human_bytes


def test_human_bytes() -> None:
    sizes = [0, 1, 999, 1_000, 1_234, 1_234_567, 250_000_000, 3_000_000_000, 5 * 10**12]
    assert [human_bytes(n) for n in sizes] == [
        "size unknown", "1 B", "999 B", "1.0 kB", "1.2 kB", "1.2 MB", "250 MB", "3.0 GB", "5.0 TB",
    ]  # fmt: skip
