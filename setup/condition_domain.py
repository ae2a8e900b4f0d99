"""A condition of a view, Python since 17.0, as the domain that 14.0 and 16.0 ask for.

The grammar is small, as the views need it: `field`, `not field`, `field == constant`,
`field != constant`, `field in (constants)`, `field not in (constants)`, joined by `and`
and `or`. A constant is a text, an integer, True or False. `field` and `not field`
become a comparison with False, so they are for fields that are False when empty: no
number and no list.
"""

import ast

_COMPARISONS = {ast.Eq: "=", ast.NotEq: "!=", ast.In: "in", ast.NotIn: "not in"}
_MEMBERSHIPS = (ast.In, ast.NotIn)
_JOINTS = {ast.And: "&", ast.Or: "|"}


def domain(condition):
    """Domain (list, prefix notation) of a condition (str).

    :raises ValueError: the condition is outside the grammar
    """
    try:
        return _terms(ast.parse(condition.strip(), mode="eval").body)
    except (SyntaxError, ValueError) as error:
        raise ValueError(f"{condition!r} has no domain: {error}") from error


def _terms(node):
    if isinstance(node, ast.BoolOp):
        return _joined(node)
    if isinstance(node, ast.Compare):
        return [_comparison(node)]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return [(_field(node.operand), "=", False)]
    return [(_field(node), "!=", False)]


def _joined(node):
    joints = [_JOINTS[type(node.op)]] * (len(node.values) - 1)
    return sum(map(_terms, node.values), joints)


def _comparison(node):
    operator = type(node.ops[0])
    if len(node.ops) > 1 or operator not in _COMPARISONS:
        raise ValueError("only one ==, !=, in or not in")
    value = ast.literal_eval(node.comparators[0])
    if operator in _MEMBERSHIPS:
        value = _constants(value)
    else:
        _constants([value])
    return _field(node.left), _COMPARISONS[operator], value


def _constants(values):
    if not isinstance(values, (list, tuple)):
        raise ValueError("in takes a list of constants")
    if not all(isinstance(value, (str, int)) for value in values):
        raise ValueError("a constant is a text, an integer, True or False")
    return list(values)


def _field(node):
    if not isinstance(node, ast.Name):
        raise ValueError("a field's name should stand there")
    return node.id
