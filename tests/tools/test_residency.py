"""Models are loaded once, the least recently used leave, and none that is in use is ever taken away."""

from __future__ import annotations

import gc
import threading
import time
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from other_devices import GB, OtherDevices

from prefrontal.tools.residency import Residency, machine_memory


class Model:
    """Stands for weights: it can be watched leaving the memory."""

    bytes = 0  # it does not say: what the caller expects counts

    def __init__(self) -> None:
        self.itself = self  # models hold reference cycles
        self.closed = False

    def close(self) -> None:
        self.closed = True


def test_a_model_is_loaded_once() -> None:
    residency, loads = Residency(100), []
    for _ in range(3):
        with residency.use("a", lambda: loads.append(1) or Model(), 10) as model:
            assert isinstance(model, Model)
    assert (len(loads), len(residency), "a" in residency, "b" in residency) == (1, 1, True, False)


def test_the_least_recently_used_leaves_and_its_memory_comes_back() -> None:
    residency, seen = Residency(100), {}
    for key in ("a", "b", "a", "c"):  # a was used after b
        with residency.use(key, Model, 40) as model:
            seen[key] = weakref.ref(model)
        del model
    gc.collect()
    assert ["a" in residency, "b" in residency, "c" in residency] == [True, False, True]
    assert [seen[key]() is None for key in "abc"] == [False, True, False]


def test_a_model_in_use_stays_even_beyond_the_budget() -> None:
    residency = Residency(50)
    with residency.use("a", Model, 40) as first, residency.use("b", Model, 40):
        assert "a" in residency
        assert "b" in residency
        residency.clear()
        assert "a" in residency
    with residency.use("c", Model, 40):
        assert [key in residency for key in "abc"] == [False, False, True]
    assert isinstance(first, Model)


def test_one_larger_than_the_budget_runs_alone() -> None:
    residency = Residency(50)
    with residency.use("a", Model, 10):
        pass
    with residency.use("huge", Model, 500) as model:
        assert isinstance(model, Model)
        assert "a" not in residency


def test_two_that_load_at_once_both_find_room() -> None:
    residency, loading = Residency(100), threading.Barrier(2)
    for key in ("old-1", "old-2"):
        with residency.use(key, Model, 40):
            pass

    def load() -> Model:
        loading.wait(5)  # both are loading now, and each must have counted the other
        return Model()

    def use(key: str) -> None:
        with residency.use(key, load, 40):
            pass

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(use, ["new-1", "new-2"]))
    assert [key in residency for key in ("old-1", "old-2", "new-1", "new-2")] == [False, False, True, True]


def test_sixteen_threads_share_one_copy_one_at_a_time() -> None:
    residency, loads, inside, most = Residency(100), [], 0, 0
    start = threading.Barrier(16)

    def load() -> Model:
        time.sleep(0.02)
        loads.append(1)
        return Model()

    def use(_: int) -> int:
        nonlocal inside, most
        start.wait()
        with residency.use("a", load, 10) as model:
            inside += 1
            most = max(most, inside)
            time.sleep(0.001)
            inside -= 1
            return id(model)

    with ThreadPoolExecutor(16) as pool:
        assert len(set(pool.map(use, range(16)))) == 1
    assert (len(loads), most) == (1, 1)


def wait_for(done: Callable[[], bool]) -> bool:
    """Whether it comes within ten seconds."""
    until = time.monotonic() + 10
    while not done() and time.monotonic() < until:
        time.sleep(0.005)
    return done()


def test_a_model_is_loaded_beside_one_that_runs() -> None:
    residency, loads = Residency(100), []
    with residency.use("a", Model, 40):
        residency.prepare("b", lambda: loads.append(1) or Model(), 40)
        assert wait_for(lambda: "b" in residency)
        residency.prepare("b", lambda: pytest.fail("loaded again"), 40)
    with residency.use("b", lambda: pytest.fail("loaded again"), 40) as model:
        assert isinstance(model, Model)
    assert loads == [1]


def test_who_comes_while_it_loads_waits_for_it() -> None:
    residency, go = Residency(100), threading.Event()

    def load() -> Model:
        go.wait(5)
        return Model()

    residency.prepare("b", load, 40)
    assert wait_for(lambda: "b" in residency._residents)
    threading.Timer(0.05, go.set).start()
    with residency.use("b", lambda: pytest.fail("loaded twice"), 40) as model:
        assert isinstance(model, Model)


def test_nothing_is_loaded_ahead_that_has_no_room_beside_what_is_used() -> None:
    residency = Residency(100)
    with residency.use("a", Model, 70):
        residency.prepare("b", lambda: pytest.fail("there is no room"), 40)
        assert "b" not in residency._residents
    with residency.use("old", Model, 20):
        pass
    with residency.use("a", Model, 50):
        residency.prepare("c", Model, 30)  # what is idle leaves for it
        assert wait_for(lambda: "c" in residency)
        assert "a" in residency
    assert "old" not in residency


def test_what_fails_ahead_is_told_by_the_call_itself() -> None:
    residency, tries = Residency(100), []

    def load() -> Model:
        tries.append(1)
        raise MemoryError("no room")

    residency.prepare("a", load, 10)
    assert wait_for(lambda: bool(tries) and "a" not in residency._residents)
    with pytest.raises(MemoryError), residency.use("a", load, 10):
        pass
    assert len(tries) == 2


def test_a_failed_load_is_told_and_tried_again() -> None:
    residency, tries = Residency(100), []

    def load() -> Model:
        tries.append(1)
        if len(tries) == 1:
            raise MemoryError("no room")
        return Model()

    with pytest.raises(MemoryError, match="no room"), residency.use("a", load, 90):
        pass
    assert (len(residency), "a" in residency) == (0, False)
    with residency.use("b", Model, 90):  # the failed one takes no room
        pass
    assert "b" in residency
    with residency.use("a", load, 10):
        assert len(tries) == 2


def test_a_failing_call_leaves_the_model_usable() -> None:
    residency = Residency(100)
    with pytest.raises(ValueError, match="broke"), residency.use("a", Model, 10):
        raise ValueError("broke")
    with residency.use("a", lambda: pytest.fail("loaded again"), 10):
        pass
    residency.clear()
    assert len(residency) == 0


def test_the_budget_is_half_of_the_machine() -> None:
    assert Residency().budget == machine_memory() // 2 > 10**8


def test_each_device_has_a_budget_of_its_own() -> None:
    devices = OtherDevices()
    residency = Residency({"cuda:0": 100, "cpu": 50}, devices)
    for key, device in (("a", "cuda:0"), ("b", "cpu"), ("c", "cuda:0")):
        with residency.use(key, Model, 40, device):
            pass
    assert (residency.held("cuda:0"), residency.held("cpu"), devices.released) == (80, 40, [])
    with residency.use("d", Model, 40, "cuda:0"):  # only what lies on its device makes room
        assert [key in residency for key in "abcd"] == [False, True, True, True]
    assert devices.released == ["cuda:0"]
    with residency.use("e", Model, 40, "cpu"):
        assert [key in residency for key in "bcde"] == [False, True, True, True]
    residency.clear()
    assert (len(residency), sorted(devices.released)) == (0, ["cuda:0", "cuda:0"])
    assert (residency.budget, residency.budget_of("cuda:1")) == (50, round(0.9 * 24 * GB))


def test_one_budget_counts_on_each_device() -> None:
    residency = Residency(100, OtherDevices())
    assert (residency.budget_of("cpu"), residency.budget_of("cuda:0")) == (100, 100)


def test_what_others_hold_of_a_gpu_is_no_room() -> None:
    devices = OtherDevices(taken={"cuda:0": 5 * GB})
    residency = Residency(devices=devices)
    gpu, _, cpu = devices.all()
    assert (residency.room(gpu), residency.room(cpu)) == (3 * GB, round(0.8 * 32 * GB))
    with residency.use("a", Model, 2 * GB, "cuda:0"):  # 2 of the 5 GB are ours, and can leave
        assert residency.room(gpu) == 5 * GB


def test_who_leaves_is_closed_and_what_a_session_says_of_its_size_counts() -> None:
    class Heavy(Model):
        bytes = 90

    residency = Residency(100)
    with residency.use("a", Heavy, 1) as heavy:
        assert not heavy.closed
    with residency.use("b", Model, 20) as light:
        assert heavy.closed
    residency.clear()
    assert light.closed
