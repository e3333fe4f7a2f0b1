"""A configuration may name what stands on our lists, and nothing else: a JSON file alone must run no code."""

from __future__ import annotations

import importlib
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from prefrontal.errors import ModelUnavailableError
from prefrontal.tools.card import ModelCard
from prefrontal.tools.checkpoints import check_safe
from prefrontal.tools.config_safety import ACTIVATIONS, METHODS, MODULES, TOKENIZERS, why_unsafe
from prefrontal.tools.media import Workspace
from prefrontal.tools.model_tool import ModelTool
from prefrontal.tools.residency import Residency
from prefrontal.tools.runners import get_runner

REFUSAL = (
    "allowed are plain safetensors models without code; "
    "pick another model or convert this one with its author's consent"
)
# Without arguments it runs the program that the command line names: `prefrontal run` runs a file called run.
ATTACK = "torch.distributed.run.main"
NO_ACTIVATION = (
    "which is none of the activations of torch.nn allowed there (CELU, ELU, GELU, Hardsigmoid, Hardswish, Hardtanh, "
    "Identity, LeakyReLU, LogSigmoid, LogSoftmax, Mish, ReLU, ReLU6, SELU, Sigmoid, SiLU, Softmax, Softplus, "
    "Softsign, Tanh)"
)
NO_MODULE = (
    "which is none of the modules of sentence-transformers allowed there (Asym, BoW, CLIPModel, CNN, Dense, Dropout, "
    "LayerNorm, LogitScore, LSTM, MLMTransformer, Normalize, Pooling, Router, SparseAutoEncoder, SpladePooling, "
    "StaticEmbedding, Transformer, WeightedLayerPooling, WordEmbeddings, WordWeights)"
)
NO_TOKENIZER = (
    "which is none of the tokenizers of sentence-transformers allowed there (PhraseTokenizer, WhitespaceTokenizer)"
)
NO_METHOD = (
    "which is none of the methods for vectors allowed there (forward, get_audio_features, get_image_features, "
    "get_multimodal_features, get_text_features, get_video_features, get_vision_features)"
)


# What is refused


@pytest.mark.parametrize("field", ["activation_fn", "sbert_ce_default_activation_function", "activation_function"])
@pytest.mark.parametrize(
    "name",
    [
        ATTACK,
        "torch.hub.load",
        "torch.nn.Linear",
        "torch.nn.modules.activation.F",
        "torch.nn.Sigmoid.",
        " torch.nn.Sigmoid",
        "os.system",
        "sentence_transformers.util.misc.importlib",
        "modeling_mine.Activation",
    ],
)
def test_an_activation_that_is_not_on_the_list_is_refused(field: str, name: str) -> None:
    for config in ({field: name}, {"sentence_transformers": {field: name}}, {"parts": [{"deep": [{field: name}]}]}):
        assert why_unsafe("config.json", config) == f"config.json names {name!r} ({field}), {NO_ACTIVATION}"


@pytest.mark.parametrize(
    "name",
    [
        "os.system",
        "modeling_mine.Transformer",
        "sentence_transformers.base.model.pickle",  # any attribute of any of its modules was a class to it
        "sentence_transformers.util.misc.importlib",
        "sentence_transformers.SentenceTransformer",  # would load a second model, without what is asked of the first
        "sentence_transformers.base.modules.Module",
        "sentence_transformers.sparse_encoder.modules.sparse_static_embedding.SparseStaticEmbedding",
        "sentence_transformers.models.Dense.",
        "xsentence_transformers.models.Dense",
    ],
)
def test_a_module_that_is_not_on_the_list_is_refused(name: str) -> None:
    clause = f"names {name!r} ({{}}), {NO_MODULE}"
    assert why_unsafe("modules.json", [{"path": "", "type": name}]) == f"modules.json {clause.format('type')}"
    for file in ("router_config.json", "config.json"):
        good = "sentence_transformers.models.Dense"
        routes = {"types": {"query_0": good, "query_1": name}, "structure": {"query": ["query_0", "query_1"]}}
        assert why_unsafe(file, routes) == f"{file} {clause.format('types')}"
        assert why_unsafe(file, {"types": [good, name]}) == f"{file} {clause.format('types')}"
    for field in ("type", "module"):
        assert why_unsafe("config.json", {"deep": [{field: name}]}) == f"config.json {clause.format(field)}"


@pytest.mark.parametrize("name", ["Transformer", "", None, 7, ["sentence_transformers.models.Dense"]])
def test_whatever_stands_for_a_class_in_modules_json_has_to_be_on_the_list(name: Any) -> None:
    assert why_unsafe("modules.json", [{"path": "", "type": name}]) == (
        f"modules.json names {str(name)!r} (type), {NO_MODULE}"
    )


@pytest.mark.parametrize("path", ["../other", "/etc", "a/../../b", "..\\other", "C:\\other"])
def test_a_router_s_modules_lie_in_its_folder(path: str) -> None:
    config = {"types": {path: "sentence_transformers.models.Dense"}}
    assert why_unsafe("router_config.json", config) == f"router_config.json names the folder {path!r}"


def test_a_tokenizer_that_is_not_on_the_list_is_refused() -> None:
    for name in ("os.system", "sentence_transformers.base.model.pickle"):
        assert why_unsafe("wordembedding_config.json", {"tokenizer_class": name}) == (
            f"wordembedding_config.json names {name!r} (tokenizer_class), {NO_TOKENIZER}"
        )


def test_a_method_that_makes_no_vectors_is_refused() -> None:
    """The method of that name is called with the tokens of every text."""
    config = {"modality_config": {"text": {"method": "push_to_hub", "method_output_name": None}}}
    assert why_unsafe("sentence_bert_config.json", config) == (
        f"sentence_bert_config.json names 'push_to_hub' (modality_config), {NO_METHOD}"
    )


@pytest.mark.parametrize("group", ["model_args", "model_kwargs", "tokenizer_args", "config_kwargs"])
@pytest.mark.parametrize(
    ("field", "value", "clause"),
    [
        ("use_safetensors", False, "pickles (use_safetensors: False)"),
        ("weights_only", False, "pickles (weights_only: False)"),
        ("weights_only", 0, "pickles (weights_only: 0)"),
        ("_configuration_file", "other.json", "files or code from elsewhere (_configuration_file: other.json)"),
        ("tokenizer_name_or_path", "/etc", "files or code from elsewhere (tokenizer_name_or_path: /etc)"),
        ("allow_all_kernels", True, "files or code from elsewhere (allow_all_kernels: True)"),
        ("use_kernels", True, "files or code from elsewhere (use_kernels: True)"),
    ],
)
def test_arguments_for_from_pretrained_that_open_doors_are_refused(
    group: str, field: str, value: Any, clause: str
) -> None:
    file = "sentence_bert_config.json"
    assert why_unsafe(file, {group: {field: value}}) == f"{file} asks for {clause}"
    assert why_unsafe("train_config.json", {group: {field: value}}) == ""  # nobody reads them there


def test_a_name_is_quoted_in_part_only() -> None:
    said = why_unsafe("config.json", {"activation_fn": f"torch.{'x' * 10_000}"})
    assert said == f"config.json names 'torch.{'x' * 94}' (activation_fn), {NO_ACTIVATION}"


def test_a_configuration_may_be_nested_as_deep_as_its_parser_allows() -> None:
    config: Any = {"activation_fn": ATTACK}
    for _ in range(100_000):
        config = [config]
    assert why_unsafe("config.json", config) == f"config.json names {ATTACK!r} (activation_fn), {NO_ACTIVATION}"


# What is allowed


@pytest.mark.parametrize(
    ("file", "config"),
    [
        ("config.json", {"activation_function": "gelu_new", "activation_fn": "geglu", "hidden_act": "quick_gelu"}),
        ("config.json", {"activation_function": "torch.nn.modules.activation.Tanh"}),
        ("config.json", {"sentence_transformers": {"activation_fn": "torch.nn.modules.linear.Identity"}}),
        ("config.json", {"sbert_ce_default_activation_function": "torch.nn.Identity", "activation_fn": None}),
        ("config.json", {"torch_dtype": "torch.bfloat16", "rope_scaling": {"type": "yarn"}, "type": "v1.5"}),
        ("tokenizer_config.json", {"tokenizer_class": "BertTokenizer", "tokenizer_file": "/root/tokenizer.json"}),
        (
            "wordembedding_config.json",
            {"tokenizer_class": "sentence_transformers.models.tokenizer.WhitespaceTokenizer"},
        ),
        ("sentence_bert_config.json", {"model_args": {"use_safetensors": True, "weights_only": None}}),
        ("sentence_bert_config.json", {"modality_config": {"image+text": {"method": "get_image_features"}}}),
        ("modules.json", [{"path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}]),
        ("modules.json", [{"type": "sentence_transformers.sparse_encoder.models.SpladePooling"}]),
        ("config.json", {"types": {"query": "sentence_transformers.models.Transformer.Transformer"}}),
        ("config.json", [7, "text", None, {"types": 7, "type": None, "modality_config": ["text"]}]),
    ],
)
def test_what_models_hold_passes(file: str, config: Any) -> None:
    assert why_unsafe(file, config) == ""


@pytest.mark.parametrize(
    "name",
    [
        "image-classification",
        "text-generation",
        "text2text-generation",
        "sentence-similarity",
        "sentence-similarity/routed",
        "text-ranking",
        "text-ranking/modules",
    ],
)
def test_what_the_libraries_save_passes(name: str, tiny: Callable[[str], Path]) -> None:
    check_safe(tiny(name), "lab/model")


# The lists are what the library installed here holds


def found(path: str) -> Any:
    """As sentence-transformers looks a dotted path up; None where this version has nothing there."""
    from sentence_transformers.util.misc import import_from_string

    try:
        return import_from_string(path)
    except ImportError:
        return None


def test_every_activation_of_the_list_is_one() -> None:
    from torch import nn

    for path, name in ACTIVATIONS.items():
        assert issubclass(found(path), nn.Module), path
        assert found(path) is getattr(nn, name)
        assert isinstance(found(path)(), nn.Module)


@pytest.mark.parametrize(
    ("paths", "base"),
    [
        (MODULES, "base.modules.module.Module"),
        (TOKENIZERS, "sentence_transformer.modules.tokenizer.word.WordTokenizer"),
    ],
)
def test_every_path_of_a_list_leads_to_a_class_of_its_kind_or_nowhere(paths: frozenset[str], base: str) -> None:
    kind = found(f"sentence_transformers.{base}")
    here = {path: found(path) for path in paths}
    strange = [path for path, cls in here.items() if cls and not (isinstance(cls, type) and issubclass(cls, kind))]
    assert strange == []
    short = {path.rpartition(".")[2] for path in paths}
    assert short - {path.rpartition(".")[2] for path, cls in here.items() if cls} == set()


@pytest.mark.parametrize("part", ["base", "sentence_transformer", "cross_encoder", "sparse_encoder"])
def test_every_module_of_the_library_is_on_the_list(part: str) -> None:
    package = importlib.import_module(f"sentence_transformers.{part}.modules")
    left_out = {"Module", "InputModule", "SparseStaticEmbedding"}
    for name in set(package.__all__) - left_out:
        cls = getattr(package, name)
        assert f"{package.__name__}.{name}" in MODULES
        assert f"{cls.__module__}.{cls.__name__}" in MODULES  # as the library writes it


def test_every_method_that_the_library_knows_is_on_the_list() -> None:
    transformer = importlib.import_module("sentence_transformers.base.modules.transformer")
    known = {
        kind["method"]
        for table in transformer._EDGE_CASE_MODALITY_CONFIGS.values()
        for modalities, _, _ in table.values()
        for kind in modalities.values()
    }
    assert len(known) > 2
    assert known - METHODS == set()


# Real models


def plant(folder: Path, file: str, change: Callable[[Any], None]) -> None:
    config = json.loads((folder / file).read_text())
    change(config)
    (folder / file).write_text(json.dumps(config))


@pytest.fixture
def model(tiny: Callable[[str], Path], tmp_path: Path) -> Callable[[str], Path]:
    """A copy of a tiny model's folder, to be changed."""
    return lambda name: Path(shutil.copytree(tiny(name), tmp_path / "model"))


@pytest.fixture
def canary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], Path]:
    """Put into a model's folder, it makes a file when it is run: `prefrontal run`, in that folder, would run it."""

    def put(folder: Path) -> Path:
        made = tmp_path / "made-by-the-canary"
        (folder / "run").write_text(f"open({str(made)!r}, 'w').close()")
        monkeypatch.chdir(folder)
        monkeypatch.setattr(sys, "argv", ["prefrontal", "run"])
        return made

    return put


def said(folder: Path, workspace: Workspace, **inputs: Any) -> str:
    """What a tool says of a model that it may not load."""
    tool = ModelTool(ModelCard.from_dir(folder), workspace, Residency())
    message = tool.invoke({"type": "tool_call", "id": "1", "name": tool.name, "args": inputs})
    assert message.status == "error"
    return str(message.content)


# Where a cross-encoder's activation may be named: the tiny model, the file, and how the name gets there.
ACTIVATION_FIELDS: dict[str, tuple[str, str, Callable[[Any, str], None]]] = {
    "activation_fn": (
        "text-ranking",
        "config.json",
        lambda config, name: config.update(sentence_transformers={"activation_fn": name}),
    ),
    "sbert_ce_default_activation_function": (
        "text-ranking",
        "config.json",
        lambda config, name: config.update(sbert_ce_default_activation_function=name),
    ),
    "activation_fn of modules": (
        "text-ranking/modules",
        "config_sentence_transformers.json",
        lambda config, name: config.update(activation_fn=name),
    ),
}


@pytest.mark.parametrize("where", ACTIVATION_FIELDS)
def test_a_cross_encoder_that_names_code_is_refused(
    where: str, model: Callable[[str], Path], canary: Callable[[Path], Path], workspace: Workspace
) -> None:
    name, file, put = ACTIVATION_FIELDS[where]
    folder = model(name)
    plant(folder, file, lambda config: put(config, ATTACK))
    made = canary(folder)

    refused = f"model is not loaded: {file} names {ATTACK!r} ({where.split()[0]}), {NO_ACTIVATION}; {REFUSAL}"
    with pytest.raises(ModelUnavailableError) as caught:
        check_safe(folder, "model")
    assert str(caught.value) == refused
    assert said(folder, workspace, query="the cat", texts=["hello world"]).endswith(refused)
    assert not made.exists()


@pytest.mark.parametrize("where", ACTIVATION_FIELDS)
def test_the_adapter_would_not_run_it_either(
    where: str, model: Callable[[str], Path], canary: Callable[[Path], Path]
) -> None:
    name, file, put = ACTIVATION_FIELDS[where]
    folder = model(name)
    plant(folder, file, lambda config: put(config, ATTACK))
    made, card = canary(folder), ModelCard.from_dir(folder)

    loaded = get_runner(card).load(card, folder)  # a folder that was not checked

    assert not made.exists()
    assert type(loaded.activation_fn).__name__ == "Sigmoid"


@pytest.mark.parametrize("where", ACTIVATION_FIELDS)
@pytest.mark.parametrize("activation", ["torch.nn.modules.linear.Identity", "torch.nn.Tanh", "gelu"])
def test_a_cross_encoder_scores_as_the_library_s_own(where: str, activation: str, model: Callable[[str], Path]) -> None:
    from sentence_transformers import CrossEncoder

    name, file, put = ACTIVATION_FIELDS[where]
    folder = model(name)
    plant(folder, file, lambda config: put(config, activation))
    card = ModelCard.from_dir(folder)

    loaded = get_runner(card).load(card, folder)
    labels = get_runner(card).run(loaded, card, {"query": "where is the cat ?", "texts": ["hello world"]})["labels"]

    own = CrossEncoder(str(folder), device="cpu", local_files_only=True)
    assert type(loaded.activation_fn) is type(own.activation_fn)
    assert labels[0]["score"] == pytest.approx(float(own.predict([("where is the cat ?", "hello world")])[0]))


@pytest.mark.parametrize(
    ("file", "field", "name", "no"),
    [
        ("3_Dense/config.json", "activation_function", ATTACK, NO_ACTIVATION),
        ("2_Router/query_0_Dense/config.json", "activation_function", ATTACK, NO_ACTIVATION),
        ("2_Router/router_config.json", "types", "sentence_transformers.base.model.pickle", NO_MODULE),
        ("modules.json", "type", "sentence_transformers.base.model.pickle", NO_MODULE),
    ],
)
def test_a_module_that_names_code_is_refused(
    file: str,
    field: str,
    name: str,
    no: str,
    model: Callable[[str], Path],
    canary: Callable[[Path], Path],
    workspace: Workspace,
) -> None:
    folder = model("sentence-similarity/routed")
    named = {"query_0_Dense": name} if field == "types" else name
    plant(folder, file, lambda config: (config[3] if file == "modules.json" else config).update({field: named}))
    made = canary(folder)

    refused = f"model is not loaded: {Path(file).name} names {name!r} ({field}), {no}; {REFUSAL}"
    with pytest.raises(ModelUnavailableError) as caught:
        check_safe(folder, "model")
    assert str(caught.value) == refused
    assert said(folder, workspace, text="the cat", sentences=["hello world"]).endswith(refused)
    assert not made.exists()
