"""Views and scheduled actions in the form of older series."""

import ast
from xml.etree import ElementTree

import pytest

from condition_domain import domain
from overlays import BuildError
from series_rewrites import rewritten

VIEW = """<odoo>
    <!-- A <list> of invisible="state == 'x'" things -->
    <record id="view" model="ir.ui.view">
        <field name="arch" type="xml">
            <list create="0" decoration-muted="state == 'refused'">
                <field name="playlist" string="Price list" />
                <field name="currency_id" column_invisible="True"/>
            </list>
        </field>
    </record>
    <record id="inherited" model="ir.ui.view">
        <field name="arch" type="xml">
            <xpath expr="//list/field[@name='list']" position="after">
                <field
                    name="address"
                    invisible="terminal != 'fr' and mode == 'card'"
                    help="a &lt; b"
                    required="terminal in ('fr', 'be')"
                />
            </xpath>
        </field>
    </record>
    <record id="action" model="ir.actions.act_window">
        <field name="view_mode">kanban,list,form</field>
    </record>
</odoo>
"""
TREE = (
    VIEW.replace('<list create="0"', '<tree create="0"')
    .replace("</list>", "</tree>")
    .replace("//list/", "//tree/")
    .replace("kanban,list,form", "kanban,tree,form")
)
ATTRS = (
    TREE.replace('column_invisible="True"', 'invisible="1"')
    .replace(
        """invisible="terminal != 'fr' and mode == 'card'"
                    help""",
        """attrs="{'invisible': ['&amp;', ('terminal', '!=', 'fr'), """
        """('mode', '=', 'card')], 'required': [('terminal', 'in', ['fr', 'be'])]}"
                    help""",
    )
    .replace(
        """
                    required="terminal in ('fr', 'be')\"""",
        "",
    )
)
CRON = """<odoo noupdate="1">
    <record id="cron" model="ir.cron">
        <field name="name">Forget</field>
        <field name="interval_number">1</field>
    </record>
</odoo>
"""


def tree(text):
    """Return XML without what its layout leaves open, comments included."""
    return ElementTree.canonicalize(text, with_comments=True)


@pytest.mark.parametrize(
    "series,expected",
    [("14.0", ATTRS), ("16.0", ATTRS), ("17.0", TREE), ("18.0", VIEW), ("19.0", VIEW)],
)
def test_a_view_is_written_as_the_series_reads_it(series, expected):
    """Lists and conditions change as the series wants it, all else stays."""
    assert tree(rewritten(series, "views/all.xml", VIEW)) == tree(expected)


def test_a_translated_view_is_xml_and_its_attrs_are_python():
    """Odoo reads both: the element as XML, its attrs as a literal."""
    view = ElementTree.fromstring(rewritten("14.0", "views/all.xml", VIEW))
    attrs = ast.literal_eval(view.find(".//field[@name='address']").get("attrs"))
    assert set(attrs) == {"invisible", "required"}


def test_what_stands_above_the_root_is_kept():
    """The declaration and the notes above the root are there, each on its line."""
    head = '<?xml version="1.0" encoding="utf-8" ?>\n<!-- Whose it is -->\n'
    text = rewritten("17.0", "views/a.xml", f"{head}<odoo><list/></odoo>\n")
    assert text == f"{head}<odoo><tree /></odoo>\n"


def test_a_file_without_anything_to_change_stays_as_it_is():
    """Its layout too, so that a working copy can link to it."""
    text = "<odoo><!-- a <list> -->\n<field\n  name='a'/></odoo>"
    assert rewritten("14.0", "views/a.xml", text) == text


def test_a_view_that_is_no_xml_is_refused():
    """The file and the place are named."""
    with pytest.raises(BuildError, match="^views/a.xml: .*line 2"):
        rewritten("17.0", "views/a.xml", "<odoo>\n</list>")


@pytest.mark.parametrize("constant", ["0", "1", "True", "False"])
@pytest.mark.parametrize("name", ["invisible", "readonly", "required"])
def test_a_constant_stays(name, constant):
    """Every series knows a constant."""
    text = f'<field name="a" {name}="{constant}"/>'
    assert rewritten("14.0", "views/a.xml", text) == text


@pytest.mark.parametrize(
    "condition,expected",
    [
        ("field", [("field", "!=", False)]),
        ("not field", [("field", "=", False)]),
        ("field == 'v'", [("field", "=", "v")]),
        ("field != 3", [("field", "!=", 3)]),
        ("field == True", [("field", "=", True)]),
        ("field in ('a', 'b')", [("field", "in", ["a", "b"])]),
        ("field not in [1, 2]", [("field", "not in", [1, 2])]),
        ("a and b", ["&", ("a", "!=", False), ("b", "!=", False)]),
        (
            "a or not b or c == 1",
            ["|", "|", ("a", "!=", False), ("b", "=", False), ("c", "=", 1)],
        ),
        (
            "a and (b or c)",
            ["&", ("a", "!=", False), "|", ("b", "!=", False), ("c", "!=", False)],
        ),
    ],
)
def test_a_condition_becomes_a_domain(condition, expected):
    """The grammar of the views, in prefix notation."""
    assert domain(condition) == expected


@pytest.mark.parametrize(
    "condition",
    [
        "",
        "field ==",
        "field == other",
        "field > 3",
        "field == 1.5",
        "field == None",
        "field in 'text'",
        "field in (None,)",
        "'v' == field",
        "1 &lt; field",
        "a == 'b' == 'c'",
        "not (a and b)",
        "parent.state == 'done'",
        "context.get('all')",
        "a if b else c",
    ],
)
def test_a_condition_outside_the_grammar_is_refused(condition):
    """A guess could show a button that moves money: file and line are named."""
    field = f'<field name="a" invisible="{condition}"/>'
    text = f"<form>\n    <!-- above -->\n    {field}</form>"
    with pytest.raises(BuildError, match="^views/a.xml:3: .* has no domain"):
        rewritten("16.0", "views/a.xml", text)


@pytest.mark.parametrize(
    "element",
    [
        '<field name="a" column_invisible="b"/>',
        '<field name="a" column_invisible="1" invisible="b"/>',
        '<field name="a" attrs="{}" invisible="b"/>',
        '<attribute name="invisible">b</attribute>',
        '<attribute name="column_invisible">1</attribute>',
    ],
)
def test_what_older_series_cannot_say_is_refused(element):
    """Two ways at once, or an attribute that would replace those of the base view."""
    with pytest.raises(BuildError, match="^views/a.xml:2: "):
        rewritten("14.0", "views/a.xml", f"<form>\n{element}</form>")


def test_a_constant_attribute_of_an_inherited_element_stays():
    """Hiding an element of the base view for good is the same in every series."""
    text = '<attribute name="invisible">1</attribute>'
    assert rewritten("14.0", "views/a.xml", text) == text


@pytest.mark.parametrize("series", ["14.0", "16.0", "17.0"])
def test_a_scheduled_action_runs_for_ever(series):
    """Up to 17.0 a cron without a number of calls would run once."""
    name = '        <field name="name">'
    number = '        <field name="numbercall">-1</field>\n'
    text = rewritten(series, "data/cron.xml", CRON)
    assert tree(text) == tree(CRON.replace(name, number + name))
    assert rewritten(series, "data/cron.xml", text) == text


def test_newer_series_know_no_number_of_calls():
    """From 18.0 on the field is gone, and a cron runs for ever."""
    assert rewritten("18.0", "data/cron.xml", CRON) == CRON


def test_only_scheduled_actions_get_a_number_of_calls():
    """Other records beside them stay as they are."""
    text = CRON.replace("ir.cron", "ir.sequence")
    assert rewritten("17.0", "data/all.xml", text) == text


def test_templates_of_the_browser_stay_as_they_are():
    """A component's template of the POS is not a view."""
    text = '<templates><list invisible="a.b"/></templates>'
    assert rewritten("14.0", "static/src/pos/question.xml", text) == text
