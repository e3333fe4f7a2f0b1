"""Arithmetic out of a parsed expression: exact, small, and never `eval`."""

from __future__ import annotations

import ast
import math
import operator
import re
import statistics
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Any

from ..errors import ToolInputError

MAX_CHARS = 1_000
MAX_BITS = 4_096  # of any whole number on the way: 9**9**9 would fill the memory
_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


def _exact(value: Any) -> Decimal:
    """What floats add behind the fifteenth digit is no part of the number: 0.3 / 0.1 is 3."""
    return Decimal(value) if isinstance(value, int) else Decimal(f"{float(value):.15g}")


def _rounded(value: Any, places: int = 0) -> Any:
    """As it is taught: 2.5 gives 3."""
    if abs(places) > 50:
        raise OverflowError("there are too many places")
    if isinstance(value, int):
        unit = 10 ** max(0, -places)
        return (2 * abs(value) + unit) // (2 * unit) * unit * (-1 if value < 0 else 1)
    if abs(value) >= 10**15:
        return value
    rounded = _exact(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, Context(prec=80))
    return int(rounded) if places <= 0 else float(rounded)


def _mode(*values: Any) -> Any:
    """The value that stands there most often.

    Raises:
        ToolInputError: there are several such values.
    """
    modes = statistics.multimode(values)
    if len(modes) != 1:
        shown = ", ".join(str(mode) for mode in modes)
        raise ToolInputError(
            f"no single value is the most frequent one, but each of {shown or 'none'}; ask for the median"
        )
    return modes[0]


def _cube_root(value: Any) -> float:
    """Of 27 exactly 3."""
    root = math.cbrt(value)
    return float(round(root)) if round(root) ** 3 == value else root


def _factorial(value: Any) -> int:
    """Of what stays below `MAX_BITS`: 500! has 3,768."""
    if value > 500:
        raise OverflowError("the factorial is too large")
    return math.factorial(value)


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": abs,
    "cbrt": _cube_root,
    "ceil": lambda value: math.ceil(_exact(value)),
    "factorial": _factorial,
    "floor": lambda value: math.floor(_exact(value)),
    "fraction": lambda value: value,  # what is in it is reckoned in fractions
    "max": max,
    "mean": lambda *values: statistics.mean(values),
    "median": lambda *values: statistics.median(values),
    "min": min,
    "mode": _mode,
    "pstdev": lambda *values: statistics.pstdev(values),
    "round": _rounded,
    "sqrt": math.sqrt,
    "stdev": lambda *values: statistics.stdev(values),
    "sum": lambda *values: sum(values),
}
_SPELLINGS = str.maketrans({"×": "*", "·": "*", "÷": "/", "−": "-", "–": "-"})


def calculate(expression: str) -> int | float | bool | str:
    """The value of an expression such as `17 * 23 + 4`, `2^10`, `max(3, 1,200)` or `24 > 10`.

    Whole numbers stay exact; a comparison gives True or False, and `fraction(3/8 + 5/12)` the text "19/24". Commas
    between groups of three digits are read as thousands, `^` as power, `×` and `÷` as signs.

    Raises:
        ToolInputError: it is no arithmetic, divides by zero, or grows beyond 4,096 bits.
    """
    text = expression.strip().translate(_SPELLINGS).replace("^", "**").rstrip("=?. ")
    text = re.sub(r"(?<![\d.,])(\d{1,3}(?:,\d{3})+)(?![\d,])", lambda m: m.group().replace(",", ""), text)
    if not text or len(text) > MAX_CHARS:
        raise ToolInputError(
            f"an expression of 1 to {MAX_CHARS} characters is needed, got {len(text)}; "
            "write arithmetic such as 17 * 23 + 4"
        )
    try:
        body = ast.parse(text, mode="eval").body
        if isinstance(body, ast.Call) and isinstance(body.func, ast.Name) and body.func.id == "fraction":
            return str(_bounded(_value(body, Fraction)))
        value = _value(body)
    except ZeroDivisionError as error:
        raise ToolInputError(f"{expression.strip()!r} divides by zero; change the divisor") from error
    except (SyntaxError, ValueError, TypeError, ArithmeticError, RecursionError, MemoryError) as error:
        raise ToolInputError(
            f"{expression.strip()[:120]!r} is no arithmetic; allowed are numbers, + - * / // % ** ( ), comparisons "
            f"and {', '.join(_FUNCTIONS)}"
        ) from error
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 and "/" in text:
        return int(value)  # 8 / 2 reads as 4
    return value


def _value(node: ast.expr, number: Callable[[str], Any] | None = None) -> Any:
    """What a node comes to; `number` makes a number out of a figure where a plain one will not do."""
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return number(str(node.value)) if number else _bounded(node.value)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.UAdd | ast.USub):
        value = _value(node.operand, number)
        return -value if isinstance(node.op, ast.USub) else value
    if isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
        left, right = _value(node.left, number), _value(node.right, number)
        if isinstance(node.op, ast.Pow) and abs(right) * _bits(left) > MAX_BITS:
            raise OverflowError("the power is too large")
        return _bounded(_BINARY[type(node.op)](left, right))
    if isinstance(node, ast.Compare) and all(type(op) in _COMPARE for op in node.ops):
        values = [_value(node.left, number), *(_value(n, number) for n in node.comparators)]
        return all(_COMPARE[type(op)](a, b) for op, a, b in zip(node.ops, values, values[1:], strict=False))
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in _FUNCTIONS
        and not node.keywords
    ):
        return _bounded(_FUNCTIONS[node.func.id](*(_value(a, number) for a in node.args)))
    raise ValueError("not arithmetic")


def _bits(value: Any) -> int:
    """How long a whole number or a fraction is; a float grows no longer."""
    if isinstance(value, Fraction):
        return max(1, value.numerator.bit_length(), value.denominator.bit_length())
    return max(1, value.bit_length()) if isinstance(value, int) else 0


def _bounded(value: Any) -> Any:
    if isinstance(value, int) and value.bit_length() > MAX_BITS:
        raise OverflowError("the number is too large")
    if isinstance(value, float) and not math.isfinite(value):
        raise OverflowError("the number is too large")
    if isinstance(value, complex):
        raise ValueError("no real number")
    return value
