# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Amounts, fields, and the texts that people read."""

import re

import pytest

from caisse_ap import decode
from caisse_ap_simulator.cli_texts import TEXTS
from caisse_ap_simulator.explain import (
    ADVICE,
    FIELD_NAMES,
    OUTCOMES,
    explain_fields,
)
from caisse_ap_simulator.money import CURRENCIES, format_amount, parse_amount
from caisse_ap_simulator.scenarios import REPLIES, SCENARIOS


@pytest.mark.parametrize(
    "text, code, cents",
    [
        ("12.50", "EUR", 1250),
        ("12,5", "EUR", 1250),
        ("0.01", "EUR", 1),
        ("25", "EUR", 2500),
        ("1000", "XPF", 1000),
    ],
)
def test_amounts_are_read(text, code, cents):
    """Point or comma, as many decimals as the currency has, never a float."""
    assert parse_amount(text, CURRENCIES[code]) == cents


@pytest.mark.parametrize(
    "text, code",
    [
        ("0", "EUR"),
        ("-1", "EUR"),
        ("0.001", "EUR"),
        ("0.5", "XPF"),
        ("NaN", "EUR"),
        ("Infinity", "EUR"),
        ("1e", "EUR"),
        ("", "EUR"),
    ],
)
def test_what_is_no_amount(text, code):
    """Zero, negative, too precise or no number at all is refused."""
    with pytest.raises(ValueError, match="not an amount"):
        parse_amount(text, CURRENCIES[code])


@pytest.mark.parametrize(
    "cents, numeric, lang, text",
    [
        (1250, "978", "en", "12.50 EUR"),
        (1250, "978", "fr", "12,50 EUR"),
        (1000, "953", "fr", "1000 XPF"),
        (5, "999", "en", "0.05 999"),
        (5, None, "en", "0.05 ?"),
    ],
)
def test_amounts_are_written(cents, numeric, lang, text):
    """Decimals follow the currency, the separator follows the language."""
    assert format_amount(cents, numeric, lang) == text


def test_codes_are_explained():
    """Operation, status, application and detail get their words."""
    [fields] = decode(
        b"CZ0040301CD0011AE00201AF0290451PROVISION INSUFFIS.  0001CC00310E"
    )
    words = "\n".join(explain_fields(fields, "fr"))
    for word in ("Crédit", "Opération non effectuée", "Refusée", "CONECS sans contact"):
        assert word in words


def test_unknown_codes_are_shown_as_they_are():
    """A field or a code that no table knows stays readable."""
    lines = explain_fields({"CZ": "0300", "XY": "12", "CB": "1A", "CE": "999"}, "en")
    assert [line.split()[0] for line in lines] == ["CZ", "XY", "CB", "CE"]
    assert lines[1].split() == ["XY", "?", "12"]


@pytest.mark.parametrize("tag", sorted(FIELD_NAMES))
def test_every_field_has_both_names(tag):
    """No field is explained in one language only."""
    assert FIELD_NAMES[tag].fr
    assert FIELD_NAMES[tag].en


def test_french_texts_keep_their_signs():
    """No line of a French text can begin with a colon or the like; no three dots."""
    scenarios = [*SCENARIOS.values(), *REPLIES.values()]
    labels = [*FIELD_NAMES.values(), *OUTCOMES.values(), *ADVICE.values()]
    french = [each.fr for each in [*labels, *TEXTS.values(), *scenarios]]
    assert not [text for text in french if re.search(r" [:;!?]|\.\.\.", text)]
