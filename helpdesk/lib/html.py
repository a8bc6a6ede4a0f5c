"""HTML from outside, made safe to show."""

import re
from collections.abc import Mapping
from html import escape

import nh3

from helpdesk.lib.html_text import is_too_deep, strip_tags

_TAGS = frozenset(
    """a abbr address article aside b bdi bdo big blockquote br caption center cite code col
    colgroup dd del details dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header
    hr i img ins kbd li main mark nav ol p pre q rp rt ruby s samp section small span strike strong
    sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr""".split()
)
# Their content is no text of the mail.
_DROPPED_WITH_CONTENT = frozenset(
    {"script", "style", "title", "noscript", "template", "svg", "math"}
)
_ATTRIBUTES: Mapping[str, set[str]] = {
    "*": {"align", "dir", "lang", "style", "title", "valign"},
    "a": {"href"},
    "blockquote": {"type"},
    "col": {"span", "width"},
    "colgroup": {"span", "width"},
    "font": {"color", "face", "size"},
    "hr": {"size", "width"},
    "img": {"alt", "height", "src", "width"},
    "li": {"value"},
    "ol": {"start", "type"},
    "table": {"bgcolor", "border", "cellpadding", "cellspacing", "width"},
    "td": {"bgcolor", "colspan", "height", "nowrap", "rowspan", "width"},
    "th": {"bgcolor", "colspan", "height", "nowrap", "rowspan", "width"},
    "tr": {"bgcolor", "height"},
}
# Nothing that moves an element out of its place, covers the page, hides words or fetches a file.
_STYLES = frozenset(
    """background-color border border-bottom border-collapse border-color border-left border-radius
    border-right border-spacing border-style border-top border-width color direction font-family
    font-size font-style font-variant font-weight height line-height list-style-type max-width
    min-width padding padding-bottom padding-left padding-right padding-top text-align
    text-decoration text-transform vertical-align white-space width word-break overflow-wrap
    word-wrap""".split()
)
_UNSAFE_STYLE = re.compile(r"url\s*\(|image|expression|var\s*\(|[\\@]|script|/\*", re.IGNORECASE)
_LINK = re.compile(r"(?:https?://|mailto:|tel:)[^\s\x00-\x1f]", re.IGNORECASE)
_REMOTE_IMAGE = re.compile(r"(?:https?:)?//[^\s]", re.IGNORECASE)
_RASTER_DATA = re.compile(r"data:image/(?:png|gif|jpeg|jpg|webp);base64,[A-Za-z0-9+/=\s]+\Z", re.I)
# A scheme no browser fetches: a remote address is harmless before it is moved aside.
_HELD = "held:"
_HELD_SOURCE = re.compile(r'(<img(?: [a-z-]+="[^"]*")*?) src="(held|cid):([^"]*)"')
_MOVED_TO = {"held": "data-remote-src", "cid": "data-cid"}


def clean_html(html: str) -> str:
    """`html` by an allow-list: nothing that runs, posts, covers the page or clobbers its names.

    Nothing is fetched by showing the result: a remote image keeps its address in
    `data-remote-src`, an image of the mail its content id in `data-cid`. The words all stay.
    """
    if is_too_deep(html):
        return f'<div style="white-space:pre-wrap">{escape(strip_tags(html))}</div>'
    cleaned = nh3.clean(
        html,
        tags=set(_TAGS),
        clean_content_tags=set(_DROPPED_WITH_CONTENT),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        attribute_filter=_filter_attribute,
        strip_comments=True,
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
        url_schemes={"http", "https", "mailto", "tel", "cid", "data"},
        filter_style_properties=set(_STYLES),
    )
    return _HELD_SOURCE.sub(lambda m: f'{m[1]} {_MOVED_TO[m[2]]}="{m[3]}"', cleaned)


def _filter_attribute(tag: str, name: str, value: str) -> str | None:
    if name == "style":
        return None if _UNSAFE_STYLE.search(value) else value
    if name == "href":
        return value if _LINK.match(value.strip()) else None
    if name == "src":
        return _image_source(value.strip())
    return value


def _image_source(value: str) -> str | None:
    if value[:4].lower() == "cid:":
        return "cid:" + value[4:]
    if _REMOTE_IMAGE.match(value):
        return _HELD + value
    return value if _RASTER_DATA.match(value) else None
