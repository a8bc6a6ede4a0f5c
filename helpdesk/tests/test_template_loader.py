"""What does not change is printed once for each language, and only that."""

import pytest
from django.template import Context, engines
from django.template.base import TextNode
from django.urls import set_script_prefix
from django.utils import translation

from helpdesk.template_loader import StillNode, fold

LOAD = "{% load i18n static ui %}"


def folded(source: str):
    template = engines["django"].from_string(LOAD + source).template
    fold(template.nodelist)
    return template


def kinds(nodes) -> list[str]:
    return [type(node).__name__ for node in nodes]


def test_neighbours_that_do_not_change_become_one_node():
    template = folded(
        '<b>{% translate "Reply" %}</b>{% icon "mail" %}{# said #}{{ name }}'
        "{% static 'css/app.css' %}{% url 'tickets:list' %}{% translate 'May' context 'month' %}"
        "{{ _('Reply') }}"
        "{% blocktranslate %}Reply{% endblocktranslate %}"
    )
    assert kinds(template.nodelist) == ["StillNode", "VariableNode", "StillNode"]


@pytest.mark.parametrize(
    "source",
    [
        "{% translate word %}",
        '{% translate "Reply" as word %}',
        '{% translate "May" context word %}',
        '{% translate "Reply"|upper %}',
        "{% blocktranslate with n=word %}{{ n }}{% endblocktranslate %}",
        "{% blocktranslate count n=word %}{{ n }}{% plural %}{{ n }}s{% endblocktranslate %}",
        "{% icon word %}",
        '{% icon "mail" as picture %}',
        '{% still "_keys.html" demo=word %}',
        "{% static word %}",
        "{% url 'tickets:ticket' word %}",
        "{% url 'tickets:list' as address %}",
        "{{ word }}",
        "{% csrf_token %}",
    ],
)
def test_what_depends_on_the_page_stays_as_it_is(source):
    template = folded(source)
    assert all(not isinstance(node, StillNode) or kinds(node.nodes) == ["LoadNode"]
               for node in template.nodelist)  # fmt: skip


def test_blocks_loops_and_conditions_are_folded_inside():
    template = folded(
        '{% if word %}{% translate "Reply" %}{% elif other %}{% icon "mail" %}{% else %}'
        '{% translate "Retry" %}{% endif %}{% for w in words %}{% icon "x" %}{% endfor %}'
    )
    inner = template.nodelist.get_nodes_by_type(StillNode)
    assert len(inner) == 5
    assert template.render(Context({"other": 1, "words": "ab"})).count("<svg") == 3


def test_each_language_is_printed_in_its_own_words():
    template = folded('<b>{% translate "Reply" %}</b>')
    said = {}
    for language in ("en", "es", "pt-br", "en"):
        with translation.override(language):
            said[language] = template.render(Context())
    assert said["en"] == "<b>Reply</b>"
    assert len(set(said.values())) == 3


def test_a_language_inside_a_template_counts():
    template = folded('{% language "es" %}{% translate "Reply" %}{% endlanguage %}')
    with translation.override("en"):
        english = folded('{% translate "Reply" %}').render(Context())
        assert template.render(Context()) != english


def test_addresses_follow_the_place_where_the_site_is_mounted():
    template = folded("{% url 'tickets:list' %}")
    assert template.render(Context()) == "/tickets/"
    set_script_prefix("/desk/")
    try:
        assert template.render(Context()) == "/desk/tickets/"
    finally:
        set_script_prefix("/")


def test_plain_text_alone_needs_no_node_of_ours():
    template = engines["django"].from_string("plain {{ word }} text").template
    fold(template.nodelist)
    assert [type(node) for node in template.nodelist][::2] == [TextNode, TextNode]
