"""langchain-huggingface's chat model: over a tiny local model, and over a server that speaks for a big one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import tiny_parts
from langchain_core.messages import HumanMessage, ToolMessage
from openai_server import OpenAIServer, calls, says

from prefrontal import Agent, ModelIndex, Workspace
from prefrontal.agent.middleware import Budget
from prefrontal.agent.scripted import calling


@pytest.fixture(scope="module")
def babbler(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A chat model of random weights, with a chat template and room for our prompt."""
    from langchain_huggingface import ChatHuggingFace, HuggingFacePipeline
    from transformers import GPT2Config, GPT2LMHeadModel, pipeline

    folder: Path = tmp_path_factory.mktemp("babbler")
    config = GPT2Config(
        vocab_size=tiny_parts.SIZE, n_positions=8192, n_embd=16, n_layer=1, n_head=2, bos_token_id=tiny_parts.CLS,
        eos_token_id=tiny_parts.SEP,
    )  # fmt: skip
    words = tiny_parts.tokenizer(pairs=False, chat=tiny_parts.CHAT, limit=8192)
    tiny_parts.save(folder, tiny_parts.talkative(GPT2LMHeadModel(config)), words)
    generate = pipeline("text-generation", model=str(folder), max_new_tokens=8, return_full_text=False)
    return ChatHuggingFace(llm=HuggingFacePipeline(pipeline=generate), tokenizer=words, model_id=str(folder))


def test_a_model_that_babbles_ends_as_a_run(babbler: Any, small_index: ModelIndex, workspace: Workspace) -> None:
    run = Agent(babbler, small_index, workspace, budget=Budget(turns=3)).run("What is 1 + 1?")
    assert run.goal == "What is 1 + 1?"
    assert run.reached, run.answer
    assert run.answer
    assert set(run.answer.replace(",", " ").split()) - {"1", "2"}
    assert run.steps[0].kind == "search"
    assert len(run.messages) == 2


def test_what_it_cannot_do_is_a_named_end(babbler: Any, small_index: ModelIndex, workspace: Workspace) -> None:
    """ChatHuggingFace over a pipeline takes no tool results: a second turn ends in words and in no traceback."""
    call = calling("calculate", expression="1 + 1")
    history = [HumanMessage("What is 1 + 1?"), call, ToolMessage("2", tool_call_id=call.tool_calls[0]["id"])]
    run = Agent(babbler, small_index, workspace).invoke({"messages": history})
    assert not run.reached
    assert run.answer.startswith("The chat model failed (ValueError: Last message must be a HumanMessage!)")


def test_an_endpoint_calls_tools(
    server: OpenAIServer, small_index: ModelIndex, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huggingface_hub import constants
    from langchain_huggingface import ChatHuggingFace, HuggingFaceEndpoint

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)  # its client asks nothing at all offline, not even loopback
    server.script(calls(("calculate", {"expression": "6 * 7"})), says("It is 42."))
    endpoint = HuggingFaceEndpoint(endpoint_url=server.url, huggingfacehub_api_token="hf_test0123456789")
    model = ChatHuggingFace(llm=endpoint, model_id="test-model")
    run = Agent(model, small_index, workspace).run("calculate 6 * 7")
    assert run.reached, run.answer
    assert (run.answer, run.steps[-1].observation) == ("It is 42.", "42 [result-1]")
    assert "calculate" in server.tools(0)
