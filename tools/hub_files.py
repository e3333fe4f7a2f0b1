"""Which files of a model on the Hub are needed here, how large they are, and the Hub's own conversion of pickles."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

# What is small and says how a model is to be used: no pickles, no code.
TEXTS = (".json", ".txt", ".model", ".md", ".jinja", ".tiktoken", ".spm")
SAFETENSORS = (".safetensors",)
BOT, TITLE = "SFconvertbot", "Adding `safetensors` variant of this model"
# The names under which transformers, diffusers and peft keep pickles, and those of the same weights as safetensors.
PICKLES = {
    "pytorch_model": "model",
    "diffusion_pytorch_model": "diffusion_pytorch_model",
    "adapter_model": "adapter_model",
}
_PICKLE = re.compile(rf"({'|'.join(PICKLES)})((?:-\d{{5}}-of-\d{{5}})?)\.bin")
# Folders of other backends, and of states on the way of training.
_OTHERS = re.compile(
    r"(?:onnx|openvino|coreml|tflite|flax|runs|logs|original|checkpoint-\d+|global_step\d+)", re.IGNORECASE
)
_SHARD = re.compile(r"(.*)-\d{5}-of-\d{5}")
_MAX_TEXT = 200_000_000  # bytes: a larger .json or .txt is no description of a model


@dataclass(frozen=True, slots=True)
class HubFile:
    """One file: its size in bytes, and its SHA-256 where the Hub keeps it as a large file."""

    name: str
    size: int
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of a model at one commit; `reference` is where that lies, when it is no branch of the author's."""

    id: str
    revision: str
    files: tuple[HubFile, ...]
    reference: str = ""

    @property
    def bytes(self) -> int:
        return sum(file.size for file in self.files)

    def needed(self, weights: Sequence[str] = SAFETENSORS) -> Listing:
        """The same with only those files that loading takes."""
        names = set(needed([file.name for file in self.files], weights))
        few = (file for file in self.files if file.name in names)
        files = tuple(file for file in few if file.size <= _MAX_TEXT or file.name.endswith(tuple(weights)))
        return Listing(self.id, self.revision, files, self.reference)

    def has(self, *endings: str) -> bool:
        return any(file.name.endswith(endings) for file in self.files)

    @property
    def pickles(self) -> tuple[HubFile, ...]:
        """The pickled weights that can be converted."""
        return tuple(file for file in self.files if safetensors_name(file.name) and not is_elsewhere(file.name))


def safetensors_name(name: str) -> str:
    """What the same weights are called as safetensors; "" for what is no pickle of weights by its name."""
    path = PurePosixPath(name)
    found = _PICKLE.fullmatch(path.name)
    return str(path.with_name(f"{PICKLES[found[1]]}{found[2]}.safetensors")) if found else ""


def needed(names: Iterable[str], weights: Sequence[str] = SAFETENSORS) -> list[str]:
    """The names of the files that are loaded: of weights in several forms, the plain one.

    Left out are other backends' folders, states of training, variants such as model.fp16.safetensors beside
    model.safetensors, shards beside a whole file, and one big file beside the parts of a pipeline (diffusers).
    """
    all_names = [name for name in names if name.endswith((*TEXTS, *weights))]
    kept = [name for name in all_names if not is_elsewhere(name)]
    heavy = {name for name in kept if name.endswith(tuple(weights))}
    if not heavy:  # they lie where they usually do not
        return all_names
    return [name for name in kept if name not in heavy or not _is_spare(PurePosixPath(name), heavy, kept)]


def is_elsewhere(name: str) -> bool:
    """Whether a file lies in a folder that loading does not look into."""
    return any(_OTHERS.fullmatch(part) for part in PurePosixPath(name).parts[:-1])


def _is_spare(path: PurePosixPath, heavy: set[str], names: Sequence[str]) -> bool:
    """Whether the same weights are there in a form that comes first."""
    if len(path.parts) == 1 and "model_index.json" in names:
        return any("/" in name for name in heavy)
    shard = _SHARD.fullmatch(path.stem)
    stem = shard[1] if shard else path.stem
    if shard and str(path.with_name(f"{stem}{path.suffix}")) in heavy:
        return True
    if stem.startswith("consolidated"):  # Mistral's own layout of the same
        return any(
            PurePosixPath(name).parent == path.parent and PurePosixPath(name).name.startswith("model") for name in heavy
        )
    plain, _, variant = stem.partition(".")
    return bool(variant) and any(
        PurePosixPath(name).parent == path.parent
        and re.fullmatch(rf"{re.escape(plain)}(?:-\d{{5}}-of-\d{{5}})?", PurePosixPath(name).stem)
        for name in heavy
    )


# Asked of the Hub; each raises what huggingface_hub raises (`hub.hub_errors`)


def listing(id: str, revision: str = "", reference: str = "") -> Listing:
    """All files of a model, and the commit that the revision is now."""
    info = _api().model_info(id, revision=revision or None, files_metadata=True)
    return Listing(id, str(info.sha or revision), files_of(info), reference)


def files_of(info: Any) -> tuple[HubFile, ...]:
    """The files in what the Hub says of a model."""
    return tuple(
        HubFile(file.rfilename, file.size or 0, file.lfs.sha256 if file.lfs else "") for file in info.siblings or ()
    )


def conversion(id: str, commit: str) -> Listing | None:
    """The Hub's own conversion of a commit to safetensors: an open pull request of its bot, right behind that commit.

    Anybody can open a pull request with that title: what counts is who opened it, and what it was made from.
    """
    from huggingface_hub.errors import HfHubHTTPError

    api = _api()
    try:
        for told in api.get_repo_discussions(id, discussion_type="pull_request", discussion_status="open"):
            if told.author != BOT or told.title != TITLE or not told.is_pull_request or told.status != "open":
                continue
            commits = [made.commit_id for made in api.list_repo_commits(id, revision=told.git_reference)[:2]]
            if len(commits) == 2 and commits[1] == commit:
                found = listing(id, commits[0], str(told.git_reference))
                return found if found.has(".safetensors") else None
    except HfHubHTTPError:  # discussions may be switched off
        return None
    return None


def _api() -> Any:
    from huggingface_hub import HfApi

    return HfApi(endpoint=os.environ.get("HF_ENDPOINT"))
