"""Templates whose unchanging parts are printed once for each language.

Half of what a page of ours prints is words, icons and addresses that are the same for everybody
who reads the same language. The template language looks each of them up on every request; here,
what stands between two things that do change is printed once and kept.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.template import Context, Node, NodeList, Origin, Template
from django.template.base import FilterExpression, TextNode, TokenType, Variable, VariableNode
from django.template.defaulttags import CommentNode, IfNode, LoadNode, URLNode
from django.template.library import SimpleNode
from django.template.loaders import base, cached
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.templatetags.static import StaticNode
from django.urls import get_script_prefix, get_urlconf
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

F = TypeVar("F", bound=Callable[..., object])


def prints_the_same(function: F) -> F:
    """For a tag's function: the same arguments print the same in the same language."""
    function.prints_the_same = True  # type: ignore[attr-defined]
    return function


class _Loader(base.Loader):
    def get_template(self, template_name: str, skip: list[Origin] | None = None) -> Template:
        template = super().get_template(template_name, skip)
        fold(template.nodelist)
        return template


class Loader(cached.Loader, _Loader):
    """Django's cached loader, over templates that have been folded."""


def fold(nodes: NodeList) -> None:
    """Put one node for each run of nodes that print the same on every request, at any depth."""
    folded: list[Node] = []
    run: list[Node] = []
    for node in [*nodes, None]:
        if node is not None and is_still(node):
            run.append(node)
            continue
        if any(not isinstance(still, TextNode) for still in run):
            run = [StillNode(NodeList(run))]
        folded += run
        run = []
        if node is not None:
            folded.append(node)
            for inner in _node_lists(node):
                fold(inner)
    nodes[:] = folded


def _node_lists(node: Node) -> list[NodeList]:
    if isinstance(node, IfNode):
        return [nodes for _condition, nodes in node.conditions_nodelists]
    lists = (getattr(node, name, None) for name in node.child_nodelists)
    return [nodes for nodes in lists if isinstance(nodes, NodeList)]


class StillNode(Node):
    """Neighbours that print the same, printed together the first time a language asks."""

    child_nodelists = ()

    def __init__(self, nodes: NodeList) -> None:
        self.nodes = nodes
        self.token = nodes[0].token
        self.origin = nodes[0].origin
        self.printed: dict[tuple[object, ...], SafeString] = {}

    def render(self, context: Context) -> SafeString:
        key = get_language(), context.autoescape, _place(context)
        printed = self.printed.get(key)
        if printed is None:
            empty = Context(autoescape=context.autoescape)
            empty.template = context.template
            # Each node has escaped what it printed.
            printed = mark_safe(self.nodes.render(empty))  # noqa: S308
            self.printed[key] = printed
        return printed


def _place(context: Context) -> tuple[str | None, str]:
    """What addresses depend on; the same for all that is printed of one page."""
    known: tuple[str | None, str] | None = context.__dict__.get("_place")
    if known is None:
        known = context.__dict__["_place"] = get_urlconf(), get_script_prefix()
    return known


def is_still(node: Node) -> bool:
    """Whether it prints the same whatever the context holds."""
    known = _CONSTANT.get(type(node))
    return bool(known and known(node))


def _is_constant(expression: Any) -> bool:
    if not isinstance(expression, FilterExpression) or expression.filters:
        return False
    variable = expression.var
    return not isinstance(variable, Variable) or variable.lookups is None


def _translate(node: Any) -> bool:
    given = [node.filter_expression, *([node.message_context] if node.message_context else [])]
    return not node.asvar and all(map(_is_constant, given))


def _blocktranslate(node: Any) -> bool:
    changes = node.extra_context or node.countervar or node.asvar or node.message_context
    return not changes and all(token.token_type == TokenType.TEXT for token in node.singular)


def _url(node: Any) -> bool:
    return (
        not node.asvar and not node.kwargs and all(map(_is_constant, (node.view_name, *node.args)))
    )


def _static(node: Any) -> bool:
    return not node.varname and _is_constant(node.path)


def _simple_tag(node: Any) -> bool:
    return (
        getattr(node.func, "prints_the_same", False)
        and node.target_var is None
        and all(map(_is_constant, (*node.args, *node.kwargs.values())))
    )


_CONSTANT: dict[type[Node], Callable[[Any], bool]] = {
    TextNode: lambda _node: True,
    CommentNode: lambda _node: True,
    LoadNode: lambda _node: True,
    VariableNode: lambda node: _is_constant(node.filter_expression),
    TranslateNode: _translate,
    BlockTranslateNode: _blocktranslate,
    URLNode: _url,
    StaticNode: _static,
    SimpleNode: _simple_tag,
}
