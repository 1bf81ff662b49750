import ast
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines.indicators import ExpressionError, RecordError, canonical, evaluate, fields, fold, parse

SHOP = {
    "operating": True,
    "area": Decimal("8.5"),
    "seats": 75,
    "grade": "A",
    "expires_on": date(2024, 9, 25),
    "as_of": date(2024, 9, 25),
    "closed_on": None,
}


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("operating", True),
        ("not operating", False),
        ("operating == True and operating != False", True),
        ("area > 8.49 and area < 8.51 and area == 8.50", True),
        ("8.5 <= area", True),
        ("50 < seats <= 75", True),
        ("50 < seats < 75", False),
        ("seats > -1", True),
        ('grade in ("A", "B")', True),
        ('grade not in ["A", "B"]', False),
        ('grade == "B" or grade == "A"', True),
        ("expires_on >= as_of", True),
        ('expires_on < "2024-10-01"', True),
        ('expires_on == "2024-09-25"', True),
        ("closed_on == None", True),
        ("None != closed_on", False),
        ("True and not False", True),
    ],
)
def test_conditions_answer_as_they_read(text, answer):
    assert evaluate(parse(text), SHOP) is answer


@pytest.mark.parametrize("operator", ["==", "!=", "<", "<=", ">", ">="])
def test_any_comparison_with_a_missing_value_is_false_and_its_negation_true(operator):
    for text in (f"x {operator} 1", f"1 {operator} x", f"x {operator} y", f"y {operator} x"):
        assert evaluate(parse(text), {"x": None, "y": 1}) is False
        assert evaluate(parse(f"not ({text})"), {"x": None, "y": 1}) is True


def test_a_missing_value_is_neither_in_nor_not_in_a_list_nor_a_raised_flag():
    assert evaluate(parse("x in [1, 2]"), {"x": None}) is False
    assert evaluate(parse("x not in [1, 2]"), {"x": None}) is False
    assert evaluate(parse("x"), {"x": None}) is False
    assert evaluate(parse("not x"), {"x": None}) is True


@pytest.mark.parametrize(
    ("text", "column", "reason"),
    [
        ("", 1, "nothing"),
        ("   ", 1, "nothing"),
        ("a and", 6, "complete"),
        ("len(a) > 1", 1, "name of a field"),
        ("a.b == 1", 1, "name of a field"),
        ("a + 1 > 2", 1, "name of a field"),
        ("a > 1 + 1", 5, "a text, a number"),
        ("a == b'x'", 6, "a text, a number"),
        ('a == f"{b}"', 6, "a text, a number"),
        ("a == [1]", 6, "a text, a number"),
        ("a[0] == 1", 1, "name of a field"),
        ("1 == 1", 1, "name of a field"),
        ("1", 1, "expected a condition"),
        ('"a"', 1, "expected a condition"),
        ("None", 1, "expected a condition"),
        ("a if b else c", 1, "expected a condition"),
        ("lambda: a", 1, "expected a condition"),
        ("(a := b)", 2, "expected a condition"),
        ("a is None", 6, "== None"),
        ("a > None", 5, "no order"),
        ('a > "B"', 5, "have an order"),
        ('a > "2024-02-30"', 5, "have an order"),
        ("a < True", 5, "have an order"),
        ("a in b", 6, "expected a list"),
        ('a in "xyz"', 6, "expected a list"),
        ("a in []", 6, "at least one"),
        ('a in [1, "x"]', 6, "only texts or only numbers"),
        ("a in [1, True]", 6, "only texts or only numbers"),
        ("a in [None]", 7, "a text, a number"),
        ("a == 1e3", 6, "plain digits"),
        ("a == 0x10", 6, "plain digits"),
        ("a == 1j", 6, "a text, a number"),
        ("Big == 1", 1, "small letters"),
        ("a__b == 1", 1, "single underscores"),
        ("_a", 1, "small letters"),
        ("餐饮 == 1", 1, "small letters"),
        ('grade == "甲" and a > x.y', 22, "a text, a number"),
        ('a == "\\x07"', 6, "cannot be printed"),
        ("  a.b", 3, "expected a condition"),
    ],
)
def test_anything_else_is_refused_with_its_place_and_reason(text, column, reason):
    with pytest.raises(ExpressionError, match=reason) as caught:
        parse(text)
    assert caught.value.column == column


def test_the_place_counts_lines_inside_brackets():
    with pytest.raises(ExpressionError) as caught:
        parse("(a\n and b.c)")
    assert (caught.value.line, caught.value.column) == (2, 6)


@pytest.mark.parametrize("text", ["not " * 400 + "a", "(" * 900 + "a" + ")" * 900, "a and " * 400, "a\0", "\ud800"])
def test_absurd_texts_are_refused_not_followed(text):
    with pytest.raises(ExpressionError):
        parse(text)


@given(st.text(max_size=60) | st.text("ab0 ().=<>!'\"[],notandi\n\\#", max_size=60))
@settings(max_examples=400)
def test_no_text_raises_anything_but_an_expression_error(text):
    try:
        expression = parse(text)
    except ExpressionError:
        return
    assert parse(canonical(expression)) == expression


@pytest.mark.parametrize(
    ("text", "record"),
    [
        ("a == 1", {}),
        ("a == 1", {"a": "1"}),
        ("a == 1", {"a": 0.5}),
        ("a == 1", {"a": True}),
        ("a == 1", {"a": Decimal("NaN")}),
        ("a", {"a": 1}),
        ("a in [1]", {"a": "1"}),
        ("a < b", {"a": "x", "b": "y"}),
        ("a < b", {"a": False, "b": True}),
        ('a <= "2024-12-31"', {"a": datetime(2024, 12, 31, tzinfo=UTC)}),
        ('a <= "2024-12-31"', {"a": "2024-12"}),
    ],
)
def test_a_record_that_does_not_fit_is_an_error_not_an_answer(text, record):
    with pytest.raises(RecordError):
        evaluate(parse(text), record)


names = st.sampled_from(["p", "q", "n", "m", "t"])
numbers = st.integers(-3, 3).map(str) | st.sampled_from(["0.5", "1.50", "-2.25"])
operators = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
leaves = st.one_of(
    st.sampled_from(["p", "q", "True", "False", "t == None", "n != None", 't == "x"', 't != "y"', 't in ["x", "y"]']),
    st.builds("{} {} {}".format, st.sampled_from("nm"), operators, numbers),
    st.builds("{} {} {}".format, numbers, operators, st.sampled_from("nm")),
    st.builds("n {} m".format, operators),
    st.lists(numbers, min_size=1, max_size=3).map(lambda items: f"n not in [{', '.join(items)}]"),
)
conditions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        inner.map("not ({})".format),
    ),
    max_leaves=8,
)
flags = st.none() | st.booleans()
amounts = st.none() | st.integers(-3, 3) | st.sampled_from([Decimal("0.5"), Decimal("1.5"), Decimal("-2.25")])
records = st.fixed_dictionaries(
    {"p": flags, "q": flags, "n": amounts, "m": amounts, "t": st.none() | st.sampled_from("xyz")}
)


def answer_by_walking_python(node, record):
    """The same language read straight off Python's own tree, as slowly and plainly as possible."""
    if isinstance(node, ast.BoolOp):
        answers = [answer_by_walking_python(value, record) for value in node.values]
        return all(answers) if isinstance(node.op, ast.And) else any(answers)
    if isinstance(node, ast.UnaryOp):
        return not answer_by_walking_python(node.operand, record)
    if isinstance(node, ast.Name):
        return record[node.id] is True
    if isinstance(node, ast.Constant):
        return node.value
    left, right = (eval(ast.unparse(side), {}, record) for side in (node.left, node.comparators[0]))  # noqa: S307
    sides_none = [isinstance(side, ast.Constant) and side.value is None for side in (node.left, node.comparators[0])]
    if not any(sides_none) and (left is None or right is None):
        return False
    sign = type(node.ops[0])
    return {
        ast.Eq: lambda: left == right,
        ast.NotEq: lambda: left != right,
        ast.Lt: lambda: left < right,
        ast.LtE: lambda: left <= right,
        ast.Gt: lambda: left > right,
        ast.GtE: lambda: left >= right,
        ast.In: lambda: left in right,
        ast.NotIn: lambda: left not in right,
    }[sign]()


@given(conditions, records)
@settings(max_examples=300)
def test_the_engine_agrees_with_a_plain_walk_and_so_does_its_canonical_text(text, record):
    expression = parse(text)
    expected = answer_by_walking_python(ast.parse(text, mode="eval").body, record)
    assert evaluate(expression, record) is expected
    assert evaluate(parse(canonical(expression)), record) is expected
    assert canonical(parse(canonical(expression))) == canonical(expression)


def test_the_canonical_text_forgets_spelling_but_not_meaning():
    assert canonical(parse(" a  and(b and 80.00<c) ")) == canonical(parse("a and b and c > 80"))
    assert canonical(parse("a or b and c")) == "(a or (b and c))"
    assert canonical(parse("not a == 1")) == "(not a == 1)"
    assert canonical(parse("x in ('甲', \"a'b\")")) == 'x in ["甲", "a\'b"]'


def test_fields_lists_every_name_once():
    assert fields(parse("a and (b > c or not d in [1]) and e == None and a and True")) == {"a", "b", "c", "d", "e"}


def test_a_compiler_sees_every_kind_of_node():
    sql = fold(
        parse('a and not (b >= 8.5) or c not in ["x"] or d != None or e < f or False'),
        compare=lambda left, op, right: f"COALESCE({left.name} {op} {getattr(right, 'name', right)}, FALSE)",
        membership=lambda field, values, negated: f"{field.name} {'NOT ' * negated}IN {values}",
        presence=lambda field, present: f"{field.name} IS {'NOT ' * present}NULL",
        conjunction=lambda parts: f"({' AND '.join(parts)})",
        disjunction=lambda parts: f"({' OR '.join(parts)})",
        negation=lambda inner: f"NOT {inner}",
        truth=lambda value: str(value).upper(),
        flag=lambda field: f"{field.name} IS TRUE",
    )
    assert sql == (
        "((a IS TRUE AND NOT COALESCE(b >= 8.5, FALSE)) OR c NOT IN ('x',) OR d IS NOT NULL"
        " OR COALESCE(e < f, FALSE) OR FALSE)"
    )
