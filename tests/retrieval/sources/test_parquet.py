from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import Any

import pytest

from prefrontal.doors.cli import main
from prefrontal.errors import UsageError
from prefrontal.retrieval.embedding.hashing import HashEmbedder
from prefrontal.retrieval.index import ModelIndex
from prefrontal.retrieval.ingest.commit import AddReport
from prefrontal.retrieval.sources import Read, find_source, parquet

pa = pytest.importorskip("pyarrow", reason="parquet files are read by pyarrow, an optional package")
README = "---\nlicense: mit\n---\n# A title\n\nTranslates English into French, slowly but surely.\n"


def dump(file: Path, rows: int = 6, group: int = 2, **more: Any) -> Path:
    """A file as the public dump of the Hub's cards has it, in row groups of two."""
    import pyarrow.parquet as pq

    columns = {
        "modelId": [f"lab/model-{n}" for n in range(rows)],
        "author": ["lab"] * rows,
        "last_modified": [datetime.datetime(2025, 1, 2, 3, 4, n % 60, tzinfo=datetime.UTC) for n in range(rows)],
        "downloads": list(range(rows)),
        "likes": [3] * rows,
        "library_name": ["transformers"] * rows,
        "tags": [["fr", "license:mit"]] * rows,
        "pipeline_tag": ["translation"] * rows,
        "createdAt": [datetime.datetime(2024, 1, 1)] * rows,
        "card": [README] * rows,
        **more,
    }
    table = pa.table({name: value for name, value in columns.items() if value is not None})
    pq.write_table(table, file, row_group_size=group, write_page_checksum=True, use_dictionary=False)
    return file


def read(path: Path) -> list[Read]:
    row, plain, _ = find_source(path)
    assert row.name == "parquet"
    return list(row.read(plain))


def spoil(path: Path, group: int) -> None:
    """Turn one bit among a row group's cards."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        column = next(
            part
            for part in (file.metadata.row_group(group).column(n) for n in range(file.metadata.num_columns))
            if part.path_in_schema == "card"
        )
        at = column.data_page_offset + column.total_compressed_size - 20
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def test_a_dump_of_the_hub(tmp_path: Path) -> None:
    found = read(dump(tmp_path / "cards.parquet"))
    assert [item.what for item in found] == [f"lab/model-{n}" for n in range(6)]
    card = found[5].card
    assert card
    assert card.text.startswith("# A title")
    assert card.with_(text="").to_dict() == {
        "id": "lab/model-5",
        "revision": "",
        "task": "translation",
        "summary": "Translates English into French, slowly but surely.",
        "library": "transformers",
        "license": "mit",
        "languages": [],
        "tags": ["fr", "license:mit"],
        "datasets": [],
        "labels": [],
        "model_type": "",
        "parameters": 0,
        "bytes": 0,
        "downloads": 5,
        "likes": 3,
        "gated": False,
        "safetensors": None,
        "formats": [],
        "dtypes": [],
        "reported": [],
        "remarks": [],
        "source": "parquet",
        "path": "",
        "last_modified": "2025-01-02 03:04:05+00:00",
        "told_by": "",
        "text": "",
    }


def test_it_is_added_and_followed(tmp_path: Path, embedder: Any) -> None:
    path = dump(tmp_path / "cards.parquet")
    index = ModelIndex(tmp_path / "index", embedder)
    assert len(index.add(path).added) == 6
    assert index.sync() == AddReport()
    dump(path, rows=5, likes=[3, 3, 3, 3, 4])
    report = index.sync()
    assert (report.changed, report.removed, len(report.unchanged)) == (("lab/model-4",), ("lab/model-5",), 4)


def test_progress_knows_how_many_rows_there_are(tmp_path: Path, embedder: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prefrontal.retrieval.ingest.portions._PORTION", 4_000)  # two cards
    seen: list[tuple[int, int]] = []
    path = dump(tmp_path / "cards.parquet")
    ModelIndex(tmp_path / "index", embedder).add(path, progress=lambda *moved: seen.append(moved))
    assert seen == [(2, 6), (4, 6), (6, 6)]
    path.write_bytes(b"PAR1")
    assert parquet.count(path) == 0


def test_the_command_takes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("prefrontal.retrieval.index.default_embedder", HashEmbedder)
    path = dump(tmp_path / "cards.parquet")
    spoil(path, 2)
    assert main(["index", "add", str(path), "--index", str(tmp_path / "index")]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "4 added"
    assert said[1].startswith("set aside cards.parquet rows 5 to 6: row group 3 is broken (")


def test_a_broken_row_group_is_set_aside(tmp_path: Path) -> None:
    path = dump(tmp_path / "cards.parquet")
    spoil(path, 1)
    found = read(path)
    assert [item.what for item in found] == [
        "lab/model-0", "lab/model-1", "cards.parquet rows 3 to 4", "lab/model-4", "lab/model-5",
    ]  # fmt: skip
    assert found[2].card is None
    assert found[2].reason.startswith("row group 2 is broken (")
    assert found[2].reason.endswith("); fetch the file again")


def test_broken_rows_take_no_card_away(tmp_path: Path, embedder: Any) -> None:
    path = dump(tmp_path / "cards.parquet")
    index = ModelIndex(tmp_path / "index", embedder)
    index.add(path)
    dump(path, likes=[9] * 6)
    spoil(path, 1)
    report = index.sync()
    assert (len(report.changed), report.removed, len(report.failed)) == (4, (), 1)
    assert len(index) == 6


@pytest.mark.parametrize("rest", [0, 3, 0.5, 0.99])
def test_a_file_that_ends_early_is_set_aside(tmp_path: Path, rest: float) -> None:
    path = dump(tmp_path / "cards.parquet")
    data = path.read_bytes()
    path.write_bytes(data[: int(rest * len(data)) if isinstance(rest, float) else rest])
    (found,) = read(path)
    assert found.reason.startswith("it is no whole parquet file (")
    assert found.reason.endswith("); fetch it again")


def test_columns_have_any_of_the_known_names(tmp_path: Path) -> None:
    names = dict.fromkeys(("modelId", "pipeline_tag", "card", "last_modified", "downloads", "tags"))
    more = {
        "api_name": ["a/one", None],
        "domain": ["Computer Vision Depth Estimation", "asr"],
        "description": ["Tells how far away things are in a photo.", "Writes down what is said."],
        "lastModified": ["2025-02-03", "yesterday"],
        "meta": [{"license": "mit"}, {"license": "gpl"}],
        "path": ["/etc", "/etc"],
    }
    one, nameless = read(dump(tmp_path / "cards.parquet", rows=2, **names, **more))
    card = one.card
    assert card
    assert (card.id, card.task, card.last_modified) == ("a/one", "depth-estimation", "2025-02-03")
    assert (card.license, card.path, card.text) == ("mit", "", "Tells how far away things are in a photo.")
    assert nameless.what == "cards.parquet row 2"
    assert nameless.reason.startswith("'' is not a model id; ")


def test_a_table_without_ids_says_what_it_has(tmp_path: Path) -> None:
    (found,) = read(dump(tmp_path / "cards.parquet", modelId=None, tags=None, createdAt=None))
    assert found.reason == (
        "it has the columns author, last_modified, downloads, likes, library_name, pipeline_tag, card; "
        "expected one of id, modelId, model_id, api_name"
    )


def test_odd_values_spoil_neither_their_row_nor_others(tmp_path: Path) -> None:
    odd, plain = read(
        dump(
            tmp_path / "cards.parquet",
            rows=2,
            card=_text([b"\xff\xfe ok", b"fine"]),
            tags=[["a", None], None],
            downloads=[float("nan"), 7.0],
            library_name=pa.array(["diffusers", "keras"]).dictionary_encode(),
            last_modified=pa.array([2**62, 0], pa.timestamp("ms")),
            lastModified=pa.array([1_600_000_000_123_456_789, 0], pa.timestamp("ns", "UTC")),
        )
    )
    assert odd.card
    assert plain.card
    assert (odd.card.text, odd.card.tags, odd.card.downloads) == ("\ufffd\ufffd ok", ("a",), 0)
    assert (odd.card.library, odd.card.last_modified) == ("diffusers", "2020-09-13 12:26:40.123456+00:00")
    assert (plain.card.text, plain.card.downloads, plain.card.library) == ("fine", 7, "keras")
    assert plain.card.last_modified == "1970-01-01 00:00:00"


def _text(values: list[bytes]) -> Any:
    """A column that says it is UTF-8 and is not, as a careless writer leaves it."""
    as_bytes = pa.array(values, pa.binary())
    return pa.StringArray.from_buffers(len(values), *as_bytes.buffers()[1:], as_bytes.buffers()[0])


def test_reading_takes_little_memory(tmp_path: Path) -> None:
    """32 MB of cards in one row group: what pyarrow holds at once stays far below."""
    import pyarrow.parquet as pq

    rows = 4_000
    cards = [f"{n} " + "word " * 1_600 for n in range(rows)]
    path = tmp_path / "cards.parquet"
    table = pa.table({"id": [f"lab/model-{n}" for n in range(rows)], "card": cards})
    pq.write_table(table, path, row_group_size=rows, compression="none", use_dictionary=False)
    del table
    most, before = 0, pa.total_allocated_bytes()
    for _ in parquet.read(path):
        most = max(most, pa.total_allocated_bytes() - before)
    assert 0 < most < 16_000_000


def test_an_old_pyarrow_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = dump(tmp_path / "cards.parquet")
    monkeypatch.setattr(pa, "__version__", "13.0.0")
    with pytest.raises(UsageError, match=r"pyarrow 13\.0\.0 is too old .*; pip install 'pyarrow>=15'"):
        parquet.read(path)


def test_a_parquet_file_without_pyarrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    (tmp_path / "cards.parquet").touch()
    with pytest.raises(UsageError) as caught:
        read(tmp_path / "cards.parquet")
    assert str(caught.value) == "cards.parquet is a parquet file, and pyarrow is not installed; pip install pyarrow"
