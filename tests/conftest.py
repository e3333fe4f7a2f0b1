"""What every test stands on: no network, a home folder of its own, one thread, and a few real things to work with."""

from __future__ import annotations

import ipaddress
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

# Read at import by the libraries, so they are set before any test module is imported; subprocesses inherit them.
os.environ |= {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
os.environ.setdefault("OMP_NUM_THREADS", "1")  # on a shared machine, threads wait for each other longer than they work

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # helpers that test modules share, such as hub_server

if TYPE_CHECKING:
    from prefrontal import Workspace
    from prefrontal.retrieval.embedding.minilm import MiniLMEmbedder


class NetworkBlocked(RuntimeError):
    """A test reached for the network. No OSError, so that no library takes it for a bad line and tries again."""


_guarded = False


def _is_here(host: object) -> bool:
    """Loopback in any spelling; None and "" are what a server binds to."""
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if name in (None, "", "localhost"):
        return True
    try:
        address = ipaddress.ip_address(str(name).partition("%")[0])
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


def _guard(event: str, args: tuple[Any, ...]) -> None:
    """An audit hook: the interpreter asks it before a socket does anything, whoever made the socket."""
    if not _guarded or not event.startswith("socket."):
        return
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = args[1]
        if not isinstance(address, tuple) or not address or _is_here(address[0]):
            return  # AF_UNIX and netlink addresses are no tuples with a host
        host = address[0]
    elif event in ("socket.getaddrinfo", "socket.gethostbyname") and not _is_here(args[0]):
        host = args[0]
    else:
        return
    raise NetworkBlocked(f"a test reached for {host!r}; only loopback is open in tests: use tests/hub_server.py")


sys.addaudithook(_guard)  # it cannot be taken away again, so a flag turns it on and off


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[type[NetworkBlocked]]:
    """Closes every socket but loopback and AF_UNIX for the whole session."""
    global _guarded
    _guarded = True
    yield NetworkBlocked
    _guarded = False


@pytest.fixture(scope="session", autouse=True)
def prefrontal_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What the package keeps (indexes, workspaces) goes into a folder of this session."""
    home = tmp_path_factory.mktemp("prefrontal-home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PREFRONTAL_HOME", str(home))
        yield home


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    from prefrontal import Workspace

    return Workspace(tmp_path / "workspace")


@pytest.fixture(scope="session")
def coins_png() -> Path:
    """A real photo of 24 coins, out of scikit-image's own package."""
    data = pytest.importorskip("skimage.data", reason="the photo of coins is scikit-image's")
    return Path(data.__file__).parent / "coins.png"


@pytest.fixture(scope="session")
def minilm() -> MiniLMEmbedder:
    """The real default embedder, loaded once."""
    from prefrontal.retrieval.embedding.minilm import MiniLMEmbedder, default_embedder

    embedder = default_embedder()
    assert isinstance(embedder, MiniLMEmbedder)
    return embedder
