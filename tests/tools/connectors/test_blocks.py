"""The Python of a card, as far as it parses; nothing of it runs."""

from __future__ import annotations

import ast
import time
import warnings

import pytest

from prefrontal.tools.connectors.blocks import code_blocks, statements


def written(code: str) -> list[str]:
    return [ast.unparse(statement) for statement in statements(code)]


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("Use it:\n```python\na = f(1)\n```\nand\n~~~\nb\n~~~\n", ["a = f(1)", "b"]),
        ("```py\nnever(closed)\n", ["never(closed)\n"]),
        ("```bash\npip install x\n```\n```json\n{}\n```\n", []),
        ("    from a import b\n    b(1)\n\ntext", ["    from a import b\n    b(1)\n"]),
        ("<pre><code>x = f(&quot;a&quot;)</code></pre>", ['x = f("a")']),
        ("Load it by `AutoModel.from_pretrained('a/b')` then.", ["AutoModel.from_pretrained('a/b')"]),
        ("It is small.\nfrom a import b\nm = b.load('c')\nThat is all.", ["from a import b\nm = b.load('c')"]),
        ("Plain words (with brackets) only.", []),
        ("", []),
    ],
)
def test_what_stands_in_a_card_as_code(text: str, blocks: list[str]) -> None:
    assert list(code_blocks(text)) == blocks


def test_a_line_that_does_not_parse_costs_that_line() -> None:
    code = "import a\n!pip install b\n%matplotlib inline\nx = a.f(1)\nthis is no Python\ny = a.g(x)\n$ ls\n"
    assert written(code) == ["import a", "x = a.f(1)", "y = a.g(x)"]


def test_prompts_unfinished_and_indented_code() -> None:
    assert written(">>> a = f()\n>>> for x in a:\n...     g(x)\n") == ["a = f()", "for x in a:\n    g(x)"]
    assert written("    a = f()\n    b = g(a)\n") == ["a = f()", "b = g(a)"]
    assert written("a = f()\nb = g(\n") == ["a = f()"]


def test_quotes_that_were_lost_are_put_back() -> None:
    code = "m = A.from_pretrained(lab/code-2B-multi)\np = pipeline(task, model=lab/x)\n"
    assert written(code) == ["m = A.from_pretrained('lab/code-2B-multi')", "p = pipeline(task, model='lab/x')"]


def test_a_stranger_s_code_costs_little_and_says_nothing() -> None:
    began = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for hostile in ("(" * 5000, "[" * 90 + "]" * 90, "x = '\\d'\n" * 300, "\x00", "?\n" * 5000, "a" * 100_000):
            list(statements(hostile))
            list(code_blocks(hostile))
        list(code_blocks("```" * 20_000))
        list(code_blocks("    \n" * 20_000))
    assert time.process_time() - began < 5


def test_nothing_is_executed(capsys: pytest.CaptureFixture[str]) -> None:
    assert written("print('ran')\nraise SystemExit\n") == ["print('ran')", "raise SystemExit"]
    assert capsys.readouterr().out == ""
