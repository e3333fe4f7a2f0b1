"""The program of the child process that reads pickled weights once and writes them as safetensors (see `pickles.py`).

It is started by its path, in isolated mode, with none of the parent's environment, and imports nothing of this package.
On standard input it gets one JSON object, on standard output it gives one:

    in   "path": folders of imports, "files": [[pickle, safetensors to write], …], "keep_ties": write tied weights once,
         "out": the folder it may write to, "memory": bytes, "seconds": of the processor, "bytes": of a file at most
    out  "network": how it was cut, "tied": {pickle: {name left out: name that is kept}}; or "error": why, in a clause

What stands between a hostile file and the machine, from the inside out: torch's weights_only unpickler, which knows
tensors and nothing else; an audit hook that refuses sockets, programs and writing elsewhere; limits of memory,
processor time and file size where the system has them; and no network at all where Linux gives the process a namespace
of its own. The hook is Python's: code that had already broken out of Python could pass it, and a namespace not.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable
from typing import Any

_NEW_USER, _NEW_NET = 0x10000000, 0x40000000  # of Linux's <sched.h>
_NAMESPACE, _HOOK = "a network namespace of its own", "an audit hook in Python"
# Events of Python that no reading of weights raises.
_REFUSED = tuple(
    """socket. subprocess. os.exec os.posix_spawn os.spawn os.system os.startfile os.fork os.forkpty pty. ctypes.
    os.remove os.rename os.rmdir os.link os.symlink os.truncate os.chmod os.chown os.setxattr shutil. ftplib. smtplib.
    urllib. http. webbrowser.""".split()
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Refused(Exception):
    """Why a file is not converted, in a clause."""


def main() -> None:
    job = json.load(sys.stdin)
    network = _cut_network()  # while there is one thread: a namespace cannot be left by more
    sys.path[:] = job["path"]
    import torch
    from safetensors.torch import save_file

    torch.set_num_threads(1)
    _limit(job)
    sys.addaudithook(_guard(os.path.realpath(job["out"])))
    try:
        tied = {pickle: _convert(torch, save_file, pickle, target, job["keep_ties"]) for pickle, target in job["files"]}
        told: dict[str, Any] = {"network": network, "tied": tied}
    except Refused as refused:
        told = {"error": str(refused)}
    except MemoryError:
        told = {"error": "it needs more memory than it may have"}
    except Exception as error:
        told = {"error": _plain(error)}
    print(json.dumps(told), flush=True)
    os._exit(0)  # nothing of the file's runs at the end, either


def _cut_network() -> str:
    if sys.platform == "linux":
        import ctypes

        unshare = getattr(ctypes.CDLL(None), "unshare", None)
        if unshare and (unshare(_NEW_NET) == 0 or unshare(_NEW_USER | _NEW_NET) == 0):
            return _NAMESPACE
    return _HOOK


def _limit(job: dict[str, Any]) -> None:
    """Memory beside what torch itself takes, processor time, and how large a file may become."""
    try:
        import resource
    except ImportError:  # Windows: the parent's clock is what is left
        return
    limits = {"RLIMIT_CPU": job["seconds"], "RLIMIT_FSIZE": job["bytes"], "RLIMIT_CORE": 0}
    try:
        with open("/proc/self/statm") as pages:
            limits["RLIMIT_AS"] = int(pages.read().split()[0]) * os.sysconf("SC_PAGE_SIZE") + job["memory"]
    except OSError:
        limits["RLIMIT_DATA"] = job["memory"]
    for name, limit in limits.items():
        try:
            resource.setrlimit(getattr(resource, name), (limit, limit))
        except (AttributeError, ValueError, OSError):  # a system without it, or with a lower one already
            continue


def _guard(out: str) -> Callable[[str, tuple[Any, ...]], None]:
    def guard(event: str, arguments: tuple[Any, ...]) -> None:
        if event.startswith(_REFUSED):
            raise Refused(f"reading it asked for {event}")
        if event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING:
            path = os.path.realpath(os.fspath(arguments[0])) if not isinstance(arguments[0], int) else out
            if os.path.commonpath([path, out]) != out:
                raise Refused(f"reading it wrote to {os.path.basename(path)!r}")

    return guard


def _convert(torch: Any, save_file: Any, pickle: str, target: str, keep_ties: bool) -> dict[str, str]:
    """Write one file; gives the names that were left out, with the name that holds the same weights."""
    held = torch.load(pickle, map_location="cpu", weights_only=True, mmap=_is_stored(pickle))
    if isinstance(held, dict) and isinstance(held.get("state_dict"), dict):
        held = held["state_dict"]
    if not isinstance(held, dict) or not held:
        raise Refused("it holds no weights by name")
    odd = next((name for name, value in held.items() if not _is_plain(torch, name, value)), None)
    if odd is not None:
        raise Refused(f"it holds something else than plain weights under {str(odd)[:80]!r}")
    most = 4 * os.path.getsize(pickle) + 1_000_000
    if sum(value.numel() * value.element_size() for value in held.values()) > most:
        raise Refused("it unfolds into far more than it is large")
    tied = _tied(held) if keep_ties else {}
    kept = {name: value for name, value in held.items() if name not in tied}
    seen: set[int] = set()
    for name, value in kept.items():
        storage = value.untyped_storage().data_ptr()
        # What shares its memory with others, or is a part of more, is written as a tensor of its own.
        alone = value.is_contiguous() and storage not in seen and value.untyped_storage().nbytes() == value.nbytes
        seen.add(storage)
        kept[name] = value if alone else value.contiguous().clone()
    save_file(kept, target, metadata={"format": "pt", **tied})
    return tied


def _is_stored(pickle: str) -> bool:
    """Whether it is torch's newer format, a zip with its parts as they are: what is squeezed cannot be mapped."""
    import zipfile

    with open(pickle, "rb") as file:
        if file.read(4) != b"PK\x03\x04":
            return False
    with zipfile.ZipFile(pickle) as parts:
        return all(part.compress_type == zipfile.ZIP_STORED for part in parts.infolist())


def _is_plain(torch: Any, name: Any, value: Any) -> bool:
    return (
        isinstance(name, str)
        and type(value) in (torch.Tensor, torch.nn.Parameter)
        and value.layout == torch.strided
        and value.device.type == "cpu"
        and not value.is_quantized
        and not value.is_complex()
    )


def _tied(weights: dict[str, Any]) -> dict[str, str]:
    """Names whose weights are the very same as those of an earlier name: a model ties them again when it is loaded."""
    first: dict[tuple[Any, ...], str] = {}
    tied: dict[str, str] = {}
    for name, value in weights.items():
        if value.numel():
            key = (value.data_ptr(), value.dtype, tuple(value.shape), value.stride())
            if (kept := first.setdefault(key, name)) != name:
                tied[name] = kept
    return tied


def _plain(error: Exception) -> str:
    """What torch says of a file, in a clause."""
    text = " ".join(str(error).split())
    if isinstance(error.__cause__, Refused) or isinstance(error.__context__, Refused):
        return str(error.__cause__ or error.__context__)
    if asked := re.search(r"GLOBAL ([\w.]+)|Unsupported (?:class|operand|opcode):? ([\w.]+)", text):
        return f"it asks for {(asked[1] or asked[2])[:80]}, which is no weight"
    if "memory" in text.lower() or "mmap" in text.lower():
        return "it needs more memory than it may have"
    return f"it cannot be read as weights ({type(error).__name__}: {text[:120]})"


if __name__ == "__main__":
    main()
