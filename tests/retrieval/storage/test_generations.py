"""The index under kills, flipped bits, full disks, threads and writers: all with real files and real processes."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from prefrontal.errors import EmbedderError, IndexDamagedError, StoreError
from prefrontal.retrieval.embedding.hashing import HashEmbedder
from prefrontal.retrieval.index import ModelIndex
from prefrontal.retrieval.storage.generations import CATALOG, MANIFEST, TASKS, VECTORS, Generation
from prefrontal.tools.card import ModelCard

# Imports once, then forks a child for every line "JOB NUMBER" and prints its process id. JOB "churn" changes all
# cards of the index again and again, each state marked by one number of downloads: by a sync of a file, which also
# brings and takes a visitor, by an add, and by a remove of a guest; "add" adds one card of its own;
# "full" does what "churn" does once, in a process that may write no file beyond NUMBER bytes.
_SERVER = """
import json, os, resource, signal, sys
from pathlib import Path
import faiss
from prefrontal.errors import EmbedderError, IndexDamagedError, StoreError
from prefrontal.retrieval.embedding.hashing import HashEmbedder
from prefrontal.retrieval.index import ModelIndex
from prefrontal.tools.card import ModelCard

def state(n):
    return [ModelCard(id=f"owner/model-{i}", task="translation", downloads=n, summary=f"state {n}") for i in range(6)]

def dump(number):
    names = ["guest", *["visitor"] * (number % 4 // 2)]
    rows = [card.to_dict() for card in state(number)] + [{"id": f"owner/{name}"} for name in names]
    path = Path(sys.argv[1] + ".jsonl")
    path.with_suffix(".part").write_text("\\n".join(map(json.dumps, rows)))
    path.with_suffix(".part").replace(path)
    return path

def work(job, number):
    index = ModelIndex(sys.argv[1], HashEmbedder(32))
    if job == "add":
        index.add(ModelCard(id=f"owner/writer-{number}", task="translation"))
    if job == "full":
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (number, number))
        try:
            index.add(state(999))
            print("nothing failed", flush=True)
        except StoreError as error:
            print(error, flush=True)
    if job == "churn":
        index.add(dump(number))
    while job == "churn":
        number += 2
        dump(number)
        index.sync()
        index.add(state(number + 1))
        index.remove("owner/guest")

for line in sys.stdin:
    job, number = line.split()
    child = os.fork()
    if child == 0:
        try:
            work(job, int(number))
        except BaseException as error:
            print(repr(error), flush=True)  # whoever reads a process id next fails on it
            os._exit(1)
        os._exit(0)
    print(child, flush=True)
"""


class Server:
    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", _SERVER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def read(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def start(self, job: str, number: int) -> int:
        assert self.process.stdin
        print(job, number, file=self.process.stdin, flush=True)
        return int(self.read())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def server(folder: Path) -> Iterator[Server]:
    server = Server(folder)
    yield server
    server.process.communicate(timeout=30)


def open_index(folder: Path) -> ModelIndex:
    return ModelIndex(folder, HashEmbedder(32))


def gone(pid: int) -> bool:
    """Dead, or a zombie that its parent has not asked for."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(") ")[1].startswith("Z")
    except FileNotFoundError:
        return True


def wait_until(done: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.01)


def test_kills_at_any_moment_leave_one_whole_state(folder: Path, server: Server) -> None:
    moments = random.Random(7)
    visits: set[bool] = set()
    for kill in range(100):
        before = open_index(folder).stats()["generation"]
        child = server.start("churn", 100 * kill)
        if kill % 4 == 0:  # on a busy machine a kill may come before the first write: some come after a few
            writes = before + kill // 4 % 5
            wait_until(lambda writes=writes: open_index(folder).stats()["generation"] > writes)
        time.sleep(moments.uniform(0.0, 0.15))
        os.kill(child, signal.SIGKILL)
        wait_until(lambda child=child: gone(child))
        index = open_index(folder)
        assert index.verify()["generation"] >= before
        models = [card for card in index if card.name not in ("guest", "visitor")]
        visits.add("owner/visitor" in index)
        assert len(models) == 6
        assert len({card.downloads for card in models}) == 1, "a mixture of two states"
        assert {hit.card.downloads for hit in index.search("state", k=6, task="translation")} == {models[0].downloads}
    assert open_index(folder).stats()["generation"] > 60, "the writers hardly wrote: the kills came too early"
    assert visits == {True, False}, "syncs brought cards and took them away"
    open_index(folder).add(ModelCard(id="owner/after"))  # whoever comes next clears away what the killed left
    left = sorted(path.name.split("-")[0] for path in folder.iterdir())
    assert left == ["CURRENT", "gen", "gen", "writer.lock"]


def test_eight_writers_lose_nothing(folder: Path, server: Server) -> None:
    children = [server.start("add", number) for number in range(8)]
    wait_until(lambda: all(gone(child) for child in children))
    assert sorted(card.id for card in open_index(folder)) == [f"owner/writer-{number}" for number in range(8)]
    assert open_index(folder).verify()["generation"] == 8


@pytest.mark.parametrize("limit", [0, 100, 20_000, 33_000, 45_000])
def test_a_full_disk_is_a_clear_error_and_the_old_state_serves(folder: Path, server: Server, limit: int) -> None:
    index = open_index(folder)
    index.add(ModelCard(id="owner/model-0", task="translation", downloads=1))
    server.start("full", limit)
    message = server.read()
    assert message.startswith(f"the index in {folder} could not be written (")
    assert message.endswith(
        "; what was there before still serves; free some space or set another folder "
        "(--index or PREFRONTAL_HOME), then try again"
    )
    assert [card.downloads for card in open_index(folder)] == [1]
    assert not list(folder.glob("tmp-*"))
    open_index(folder).add(ModelCard(id="owner/model-1"))
    assert open_index(folder).verify()["cards"] == 2


@pytest.mark.parametrize("name", [CATALOG, VECTORS, TASKS, MANIFEST])
@pytest.mark.parametrize("harm", ["flip", "truncate", "delete"])
def test_a_damaged_file_is_refused_with_the_command_that_rebuilds(folder: Path, name: str, harm: str) -> None:
    open_index(folder).add([ModelCard(id=f"owner/model-{i}", downloads=i) for i in range(5)])
    path = folder / "gen-000001" / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    if harm == "delete":
        path.unlink()
    else:
        path.write_bytes(data if harm == "flip" else data[: len(data) // 2])
    what = "is missing" if harm == "delete" else "is not what was written (its SHA-256 differs)"
    with pytest.raises(IndexDamagedError) as caught:
        open_index(folder).search("model")
    command = f"prefrontal index rebuild --index {folder}"
    assert str(caught.value) == f"{path} {what}; rebuild the index: {command}"
    if name in (VECTORS, TASKS):
        open_index(folder).rebuild()
        assert open_index(folder).verify()["cards"] == 5
        assert [card.downloads for card in open_index(folder)] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("name", ["CURRENT", *(f"gen-000001/{name}" for name in (CATALOG, VECTORS, TASKS, MANIFEST))])
def test_any_bit_and_any_length_is_noticed(folder: Path, name: str) -> None:
    open_index(folder).add([ModelCard(id=f"owner/model-{i}") for i in range(5)])
    path, chance = folder / name, random.Random(3)
    whole = path.read_bytes()
    for _ in range(20):
        flipped = bytearray(whole)
        flipped[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        for data in (bytes(flipped), whole[: chance.randrange(len(whole))], whole + b"\0"):
            path.write_bytes(data)
            with pytest.raises(IndexDamagedError, match=f"prefrontal index rebuild --index {folder}$"):
                open_index(folder).search("model")
    path.write_bytes(whole)
    assert len(open_index(folder).search("model")) == 5


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\x00", b'{"generation": 1, "manifest": "0"}'])
def test_a_damaged_switch_is_refused_and_can_be_rebuilt(folder: Path, content: bytes) -> None:
    open_index(folder).add([ModelCard(id=f"owner/model-{i}") for i in range(3)])
    (folder / "CURRENT").write_bytes(content)
    with pytest.raises(IndexDamagedError, match="rebuild the index: prefrontal index rebuild --index"):
        open_index(folder).search("model")
    open_index(folder).rebuild()
    assert open_index(folder).verify() | {"path": ""} == open_index(folder).stats() | {"path": ""}
    assert len(open_index(folder)) == 3


def test_another_embedder_is_refused(folder: Path) -> None:
    open_index(folder).add(ModelCard(id="owner/model"))
    other = ModelIndex(folder, HashEmbedder(64))
    expected = (
        f"the index in {folder} was built with the embedder hash-trigrams-1/32, got hash-trigrams-1/64; pass the "
        f"embedder that it was built with, or rebuild it: prefrontal index rebuild --index {folder}"
    )
    for use in (lambda: other.search("model"), lambda: other.add(ModelCard(id="owner/second"))):
        with pytest.raises(EmbedderError) as caught:
            use()
        assert str(caught.value) == expected
    assert other.get("owner/model").id == "owner/model"  # looking needs no embedder
    other.rebuild()
    assert [hit.id for hit in other.search("model")] == ["owner/model"]


def test_another_format_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prefrontal.retrieval.storage.generations.FORMAT", 99)
    open_index(folder).add(ModelCard(id="owner/model"))
    monkeypatch.undo()
    with pytest.raises(
        IndexDamagedError, match="has format 99, this version reads 3; rebuild it: prefrontal index rebuild"
    ):
        len(open_index(folder))


def test_threads_search_while_a_writer_writes(folder: Path) -> None:
    def state(number: int) -> list[ModelCard]:
        return [ModelCard(id=f"owner/model-{i}", downloads=number, summary=f"state {number}") for i in range(8)]

    index = open_index(folder)
    index.add(state(0))
    stop, problems, searches, seen = threading.Event(), [], [0] * 4, set()

    def search(slot: int) -> None:
        try:
            while not stop.is_set():
                states = {hit.card.downloads for hit in index.search("which state", k=8)}
                assert len(states) == 1, states
                seen.update(states)
                searches[slot] += 1
        except BaseException as error:
            problems.append(error)

    threads = [threading.Thread(target=search, args=(slot,)) for slot in range(4)]
    for thread in threads:
        thread.start()
    end, number = time.monotonic() + 4, 0
    while time.monotonic() < end and not problems:
        number += 1
        open_index(folder).add(state(number))
    stop.set()
    for thread in threads:
        thread.join(30)
    assert problems == []
    assert min(searches) > 5
    assert len(seen) > 2


def test_a_reader_whose_generation_is_swept_away_reads_the_newest(folder: Path) -> None:
    reader = open_index(folder)
    reader.add(ModelCard(id="owner/model", downloads=1))
    read: list[int] = []

    def look(generation: Generation) -> int:
        read.append(generation.manifest.generation)
        for downloads in (2, 3, 4) if len(read) == 1 else ():
            open_index(folder).add(ModelCard(id="owner/model", downloads=downloads))
        return len(
            generation.segments.all[0].vectors
        )  # of the first generation, the file is gone before it was ever read

    assert reader._read(look, 0) == 1
    assert read == [1, 4]
    assert sorted(path.name for path in folder.glob("gen-*")) == ["gen-000003", "gen-000004"]
    assert [hit.card.downloads for hit in reader.search("model")] == [4]


def test_a_refresh_notices_what_another_process_wrote(folder: Path) -> None:
    reader = open_index(folder)
    reader.add(ModelCard(id="owner/model"))
    reader.refresh()
    assert reader.refresh() is False
    open_index(folder).add(ModelCard(id="owner/second"))
    assert reader.refresh() is True
    assert len(reader) == 2


def test_a_folder_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match=r"could not be written \(.*Not a directory"):
        open_index(tmp_path / "file" / "index").add(ModelCard(id="owner/model"))
