"""What the markup of mail programs tells about quotes."""

# ruff: noqa: E501 - a row of a table stays on its line

import pytest

from messaging.email.reply_text import split_reply
from messaging.email.tests.test_reply_text import ANSWER

HTML_ANSWER = (
    "<div>Thank you, that works now.</div><div>One question is left: who pays the postage?</div>"
)
HTML_QUOTES = {
    "gmail": '<br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">Zap 18 xyz, Help<br></div>'
    '<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex">please try the new link</blockquote></div>',
    "apple": '<br><div><br><blockquote type="cite"><div>Am 18.05.2044 um 23:10 schrieb H:</div>'
    "<div>please try the new link</div></blockquote></div>",
    "thunderbird": '<div class="moz-cite-prefix">Zap H:<br></div><blockquote type="cite" cite="mid:1">'
    "<p>please try the new link</p></blockquote>",
    "outlook web": '<hr tabindex="-1" style="display:inline-block;width:98%"><div id="divRplyFwdMsg" dir="ltr">'
    "<b>Zap:</b> Help<br><b>Kev:</b> 18</div><div>please try the new link</div>",
    "outlook desktop": '<div style="border:none;border-top:solid #E1E1E1 1.0pt"><p class="MsoNormal">'
    "<b>De :</b> Help &lt;h@example.com&gt;<br><b>Envoyé :</b> mercredi 18 mai 2044<br><b>À :</b> Ana<br>"
    "<b>Objet :</b> Re</p></div><p>please try the new link</p>",
    "outlook for mac, old": '<span id="OLK_SRC_BODY_SECTION"><div>Zap: 18</div><div>please try the new link</div></span>',
    "outlook mobile": '<div id="mail-editor-reference-message-container"><hr><div>Zap: Help</div>'
    "<div>please try the new link</div></div>",
    "yahoo": '<div id="yahoo_quoted_1" class="yahoo_quoted"><div>Zap Help:</div><div>please try the new link</div></div>',
    "proton": '<div class="protonmail_quote">Zap Help:<br><blockquote type="cite">please try the new link</blockquote></div>',
    "mail.ru": "<div>18 мая 2044, 23:10 от H &lt;h@example.com&gt;:<br></div>"
    '<blockquote style="border-left:1px solid #0857A6">please try the new link</blockquote>',
}


@pytest.mark.parametrize("quote", HTML_QUOTES.values(), ids=HTML_QUOTES.keys())
@pytest.mark.parametrize(
    "text", ["", "{answer} please try the new link"], ids=["html only", "both"]
)
def test_html_tells_what_is_quoted(quote: str, text: str) -> None:
    reply, quoted = split_reply(
        text.format(answer=ANSWER), f"<html><body>{HTML_ANSWER}{quote}</body></html>"
    )
    assert reply == ANSWER
    assert "please try the new link" in quoted


def test_answers_between_html_quotes_stay() -> None:
    reply, _ = split_reply(
        "",
        '<div class="gmail_quote">On 18 May 2044 at 23:10 H wrote:<blockquote class="gmail_quote">Which size?'
        '</blockquote><div>Thirty-eight.</div><blockquote class="gmail_quote">Which colour?</blockquote>'
        "<div>Black.</div></div>",
    )
    for words in ("Which size?", "Thirty-eight.", "Which colour?", "Black."):
        assert words in reply


def test_an_indented_paragraph_is_no_quote() -> None:
    html = '<p>See:</p><blockquote style="margin:0 0 0 40px;border:none;padding:0">Section 5</blockquote>'
    assert "Section 5" in split_reply("", html)[0]


def test_a_signature_that_html_marks_is_no_word() -> None:
    html = f'{HTML_ANSWER}<div class="gmail_signature">Ana Silva<br>Sales</div>'
    assert split_reply("", html) == (ANSWER, "Ana Silva\nSales")
