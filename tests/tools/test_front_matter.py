"""A README's header comes from a stranger: read what is there, refuse what is a trap, and never take long."""

from __future__ import annotations

import time

import pytest

from prefrontal.errors import CardError
from prefrontal.tools.front_matter import MAX_README_BYTES, read_front_matter, read_header

ANCHORS = "the card's header uses YAML anchors and aliases, which are refused; write the values out"
TAGS = "the card's header uses YAML tags such as !!python/object, which are refused; remove them"


def read(header: str) -> dict:
    return read_front_matter(f"---\n{header}\n---\nThe body.\n")[0]


def test_header_and_body_are_split() -> None:
    assert read_front_matter("---\nlicense: mit\ntags: [a, b]\n---\n# Title\n") == (
        {"license": "mit", "tags": ["a", "b"]},
        "# Title\n",
    )


@pytest.mark.parametrize(
    "text", ["# No header", "", "---\nlicense: mit\nnever closed", "text --- more", "----\na: b\n----\n"]
)
def test_text_without_a_header_is_all_body(text: str) -> None:
    assert read_front_matter(text) == ({}, text)


def test_an_empty_header_is_no_header() -> None:
    assert read_front_matter("---\n---\nbody") == ({}, "body")


@pytest.mark.parametrize(
    "header", ["a: [1,", "a: b: c", "just words", "- a\n- b", "\t- x", "a: 'open", "*nothing", "date: 2020-99-99"]
)
def test_a_header_that_is_no_mapping_counts_as_none(header: str) -> None:
    assert read_front_matter(f"---\n{header}\n---\nbody") == ({}, "body")


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        (
            "summary: Coins: found",
            "the header's 'summary' cannot be read (mapping values are not allowed in this context)",
        ),
        ("date: 2020-99-99", "the header's 'date' cannot be read (month must be in 1..12)"),
        ("tags: [a, b", "the header's 'tags' cannot be read (did not find expected ',' or ']')"),
        ("title: 'open", "the header's 'title' cannot be read (found unexpected end of stream)"),
        ("just words", "line 2 of the header cannot be read"),
    ],
)
def test_one_bad_value_costs_itself_and_is_told(wrong: str, fault: str) -> None:
    found = read_header(f"---\nlicense: mit\n{wrong}\nlanguage:\n- en\n- fr\n---\nbody")
    assert found.values.get("license", "").startswith("mit")
    assert found.values["language"] == ["en", "fr"]
    assert (found.body, len(found.faults)) == ("body", 1)
    assert found.faults[0].startswith(fault.partition(" (")[0])


def test_a_trap_in_a_broken_header_is_a_trap() -> None:
    with pytest.raises(CardError):
        read_header("---\nbroken: [\nlicense: &x mit\n---\nbody")


def test_long_benchmark_results_do_not_cost_the_header() -> None:
    rows = "\n".join(f"  - task: {{type: Retrieval}}\n    metrics: [{{value: {n}}}]" for n in range(20_000))
    assert read(f"license: mit\nmodel-index:\n- name: e5\n  results:\n{rows}\nlanguage: [en]") == {
        "license": "mit",
        "language": ["en"],
    }


@pytest.mark.parametrize("line_end", ["\r\n", "\r", "\n"])
def test_line_ends_byte_order_marks_and_nul(line_end: str) -> None:
    text = line_end.join(["\ufeff---", "license: m\0it", "---", "# Hi", ""])
    assert read_front_matter(text.encode()) == ({"license": "mit"}, "# Hi\n")
    assert read_front_matter(text) == ({"license": "mit"}, "# Hi\n")


def test_bytes_that_are_no_utf8_are_replaced() -> None:
    assert read_front_matter(b"---\nlicense: mit\n---\n\xff\xfe caf\xe9") == ({"license": "mit"}, "�� caf�")


def alias_bomb(name: str) -> str:
    """Nine levels of nine aliases: 397 bytes that stand for half a gigabyte."""
    rows = [f"{name}0: &{name}0 [lol]"]
    rows += [f"{name}{n}: &{name}{n} [{', '.join([f'*{name}{n - 1}'] * 9)}]" for n in range(1, 9)]
    return "\n".join(rows)


@pytest.mark.parametrize("name", ["a", "-a", "_", "9", "Z-"])
def test_an_alias_bomb_is_refused_at_once(name: str) -> None:
    started = time.process_time()
    with pytest.raises(CardError) as caught:
        read(alias_bomb(name))
    assert str(caught.value) == ANCHORS
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize(
    "header", ["x#y: &a [1]\nb: *a", "k'1: &a ['x'] #'\nb: *a", '"q": &a [1]\nb: [*a]', "a:\n  - &b c", "? &a x\n: y"]
)
def test_an_anchor_cannot_hide_behind_quotes_or_comments(header: str) -> None:
    with pytest.raises(CardError) as caught:
        read(header)
    assert str(caught.value) == ANCHORS


@pytest.mark.parametrize(
    "header",
    [
        "a: !!python/object/apply:os.system ['touch {canary}']",
        "a: !!python/object/new:os.system ['touch {canary}']",
        "!!python/name:os.system : x",
        "%TAG ! tag:yaml.org,2002:python/\n--- # again\na: !object/apply:os.system ['touch {canary}']",
        "a: !<tag:yaml.org,2002:python/object/apply:os.system> ['touch {canary}']",
        "a: !custom x",
    ],
)
def test_tags_are_refused_and_nothing_happens(tmp_path, header: str) -> None:
    canary = tmp_path / "canary"
    with pytest.raises(CardError) as caught:
        read(header.replace("{canary}", str(canary)))
    assert str(caught.value) == TAGS
    assert not canary.exists()


@pytest.mark.parametrize(
    "header", ["title: Tom & Jerry *live* !important", "a: '&x *y !!z'", "a: b # &not *an !!anchor", 'a: "!!str"']
)
def test_such_signs_in_plain_text_are_text(header: str) -> None:
    assert list(read(header)) in (["title"], ["a"])


@pytest.mark.parametrize(
    "header",
    [
        "tags: [" + ",".join(f"t{n}" for n in range(200_000)) + "]",  # 1.3 MB in one line
        "tags: [" + ",".join(f"t{n}" for n in range(28_000)) + "]",  # below the limit: the slowest that is read
        "tags:\n" + "\n".join(f"- t{n}" for n in range(200_000)),
        "a: " + "x" * 1_000_000,
        "a: " + "[" * 90_000 + "]" * 90_000,  # libyaml's loader overflows the C stack on it
        "a: " + "{b: " * 900 + "}" * 900,
        "- " * 50_000,
        "a: " + "9" * 100_000,
    ],
    ids=[
        "200,000 tags",
        "28,000 tags",
        "200,000 lines",
        "1 MB",
        "nested lists",
        "nested maps",
        "nested rows",
        "number",
    ],
)
def test_huge_headers_are_capped_in_time(header: str) -> None:
    started = time.process_time()
    _, body = read_front_matter(f"---\n{header}\n---\nThe body.\n")
    assert time.process_time() - started < 2
    assert body == "The body.\n"


def test_a_readme_of_50_mb_is_cut() -> None:
    text = "---\nlicense: mit\n---\n" + "word " * 10_000_000
    started = time.process_time()
    header, body = read_front_matter(text)
    assert time.process_time() - started < 1
    assert header == {"license": "mit"}
    assert len(body) < MAX_README_BYTES
