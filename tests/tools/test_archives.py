"""What an office file may not do: grow, refer to other files, lie, or be locked."""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from made_files import grown, zipped

from prefrontal.errors import MediaError
from prefrontal.tools import archives
from prefrontal.tools.archives import elements, opened, part_of

AGAIN = "an .xlsx file"


def refusal(data: bytes) -> str:
    with pytest.raises(MediaError) as caught:
        opened(data, AGAIN)
    return str(caught.value)


def test_a_sound_one() -> None:
    with opened(zipped({"a.xml": "<a/>", "b.bin": b"\0"}), AGAIN) as archive:
        assert archive.read("b.bin") == b"\0"


def test_a_bomb_is_refused_unopened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_UNPACKED_BYTES", 2_000_000)
    data = grown(2_100_000)
    assert len(data) < 10_000
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *given, **more: pytest.fail("the bomb was unpacked"))
    assert refusal(data) == (
        "the file unpacks to 2.1 MB in 2 parts; allowed are 2.0 MB in 10000 parts; take a part of it"
    )


def test_too_many_parts() -> None:
    assert "in 10001 parts; allowed" in refusal(zipped({f"{n}.txt": "" for n in range(10_001)}, zipfile.ZIP_STORED))


def test_a_part_that_says_that_it_is_smaller_than_it_is() -> None:
    data = zipped({"a.bin": "<a>" + " " * 100_000 + "</a>"})
    size = (100_007).to_bytes(4, "little")
    assert data.count(size) == 2  # its own header and the directory
    with opened(data.replace(size, (10).to_bytes(4, "little")), AGAIN) as archive:
        with pytest.raises(MediaError) as caught:
            part_of(archive, "a.bin", AGAIN)
        assert str(caught.value) == f"the file is damaged (Bad CRC-32 for file 'a.bin'); save it again as {AGAIN}"
    assert refusal(data.replace(b"a.bin", b"a.xml").replace(size, (10).to_bytes(4, "little"))) == (
        f"the file is damaged (Bad CRC-32 for file 'a.xml'); save it again as {AGAIN}"
    )


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE a SYSTEM "http://localhost/a.dtd">',
        "<!--" + " " * 70_000 + "--><!DOCTYPE a>",
    ],
)
def test_nothing_may_be_declared(head: str) -> None:
    said = (
        "the file declares entities of its own, which no office program writes and which may read other files; "
        f"save it again as {AGAIN}"
    )
    assert refusal(zipped({"a.xml": f"{head}<a>&e;</a>"})) == said
    assert refusal(zipped({"a.xml": f'<?xml version="1.0" encoding="utf-16"?>{head}<a/>'.encode("utf-16")})) == said
    with pytest.raises(MediaError, match="it declares entities"):
        elements(f"{head}<a/>".encode(), lambda tag: None, lambda text: None, lambda tag: None)


def test_no_archive_and_half_of_one() -> None:
    assert refusal(b"PK\x03\x04 nothing") == f"the file is damaged (File is not a zip file); save it again as {AGAIN}"
    assert refusal(zipped({"a.xml": "<a/>"})[:-10]).startswith("the file is damaged (")


def test_a_locked_one() -> None:
    data = bytearray(zipped({"a.bin": b"x"}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert refusal(bytes(data)) == f"the file has a password; save it without one as {AGAIN}"


def test_names_that_lead_out_are_never_written(tmp_path: Path) -> None:
    with opened(zipped({"../../out.xml": "<a/>", "/etc/out.xml": "<a/>"}), AGAIN) as archive:
        assert archive.read("../../out.xml") == b"<a/>"
    assert list(tmp_path.iterdir()) == []


def test_elements_without_their_namespaces() -> None:
    seen: list[str] = []
    xml = io.BytesIO(b'<w:a xmlns:w="u"><w:b>x &amp; y</w:b></w:a>').read()
    elements(xml, lambda tag: seen.append(f"<{tag}"), seen.append, lambda tag: seen.append(f"{tag}>"))
    assert seen == ["<a", "<b", "x & y", "b>", "a>"]
