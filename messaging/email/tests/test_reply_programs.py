"""Whole mails as the usual programs write them, in text and in HTML, by language."""

# ruff: noqa: E501 - a row of a table stays on its line

import pytest

from messaging.email.reply_text import split_reply

ANSWER = "Hola,\n\nsigue sin funcionar.\n\nUn saludo,\nMarta"
ANSWER_HTML = "<div>Hola,</div><div><br></div><div>sigue sin funcionar.</div><div><br></div><div>Un saludo,</div><div>Marta</div>"
QUOTED = "Dear Marta,\n\nplease try again.\n\nKind regards\nSupport team"
QUOTED_HTML = "<div>Dear Marta,</div><div><br></div><div>please try again.</div>"
ANNOUNCED = "On Mon, Nov 16, 2026 at 9:12 AM Support <help@example.com> wrote:"


def marked(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


ORIGINALS = """-----Mensaje original-----
-----Mensagem original-----
-----Message d'origine-----
-----Ursprüngliche Nachricht-----
-----Messaggio originale-----
-----Oorspronkelijk bericht-----
-------- Originele bericht --------
-----Cita original-----
-----Compromisso original-----
-----Rendez-vous d’origine-----
-----Ursprünglicher Termin-----
-----Appuntamento originale-----
-----Oorspronkelijke afspraak-----
---- On Mon, 16 Nov 2026 09:12:44 +0100 Support <help@example.com> wrote ----
---- El lun., 16 nov. 2026 09:12:44 +0100 Support <help@example.com> escribió ----
---- Le lun., 16 nov. 2026 09:12:44 +0100 Support <help@example.com> écrit ----
Às 09:12 de 16/11/2026, Suporte escreveu:
Na(o) segunda-feira, 16 de novembro de 2026 09:12, Suporte escreveu:
Hilfe schrieb am 16.11.2026 09:12:
Mia Weber schrieb am 16.11.2026 um 09:12:
On 16.11.2026 09:12, Mia Weber wrote:
Am 16.11.2026 um 09:12 schrieb Su Mon <su@example.com>:
El 16/11/2026 a las 9:12, Su Li escribió:
---- Help Desk wrote ----
------On 16/11/2026 17:32 PM, Help Desk wrote-----
---- Original Nachricht ----
-------- Antwort Nachricht --------
----- Mail original -----
-------- Mensagem original --------De : Help <h@example.com> Data: 16/11/2026 Assunto: x
-------- Original message --------From: Help <h@example.com> Date: 16/11/26 Subject: x""".split(
    "\n"
)


@pytest.mark.parametrize("line", ORIGINALS)
def test_the_line_above_the_quote(line: str) -> None:
    reply, rest = split_reply(f"{ANSWER}\n\n{line}\n\n{QUOTED}")
    assert reply == ANSWER
    assert "please try again." in rest


HTML = {
    "gmail with a signature": f'{ANSWER_HTML}<span class="gmail_signature_prefix">-- </span><br><div class="gmail_signature">Marta Ruiz</div><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">Zap<br></div><blockquote class="gmail_quote">{QUOTED_HTML}</blockquote></div>',
    "iphone": f'{ANSWER_HTML}<br><div dir="ltr">Enviado desde mi iPhone</div><div dir="ltr"><br><blockquote type="cite">Zap<br><br></blockquote></div><blockquote type="cite">{QUOTED_HTML}</blockquote>',
    "outlook for ios": f'{ANSWER_HTML}<div id="ms-outlook-mobile-signature">Get <a href="https://aka.ms/o0ukef">Outlook for iOS</a></div><div id="mail-editor-reference-message-container" class="ms-outlook-mobile-reference-message"><div>Zap</div>{QUOTED_HTML}</div>',
    "outlook on the web, forwarded once": f'{ANSWER_HTML}<hr style="display:inline-block; width:98%"><div id="x_divRplyFwdMsg" dir="ltr"><b>Zap:</b> Help</div>{QUOTED_HTML}',
    "outlook on a desktop": f'{ANSWER_HTML}<div style="border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0in 0in 0in"><p class="MsoNormal"><b>De:</b> Help &lt;h@example.com&gt;<br><b>Enviado el:</b> lunes<br><b>Para:</b> Marta<br><b>Asunto:</b> RE</p></div>{QUOTED_HTML}',
    "a head in a table": f"{ANSWER_HTML}<table><tr><td><b>Von:</b></td><td>Help &lt;h@example.com&gt;</td></tr><tr><td><b>Gesendet:</b></td><td>16.11.2026</td></tr><tr><td><b>An:</b></td><td>Marta</td></tr></table>{QUOTED_HTML}",
    "yahoo on android": f'{ANSWER_HTML}<div id="ymail_android_signature">Zap</div><blockquote style="margin: 0 0 20px 0;"><div>Zap Help</div><div style="border-left: 1px solid #6D00F6;">{QUOTED_HTML}</div></blockquote>',
    "samsung": f'{ANSWER_HTML}<div id="composer_signature">Zap</div><div>-------- Mensaje original --------</div><div>De: Help &lt;h@example.com&gt; </div><div>Fecha: 16/11/26</div>{QUOTED_HTML}',
    "gmx": f'{ANSWER_HTML}<div name="quote" style="border-left: 2px solid rgb(195, 217, 229);"><div><b>Zap:</b> Montag</div>{QUOTED_HTML}</div>',
    "spark": f'<div name="messageBodySection">{ANSWER_HTML}</div><div name="messageSignatureSection">Marta Ruiz</div><div name="messageReplySection">Zap<br><blockquote type="cite" class="spark_quote">{QUOTED_HTML}</blockquote></div>',
    "proton on a phone": f'{ANSWER_HTML}<div class="protonmail_signature_block">Sent from <a>Proton Mail</a> for iOS</div><div class="protonmail_quote">Zap<br><blockquote class="protonmail_quote">{QUOTED_HTML}</blockquote></div>',
}


@pytest.mark.parametrize("html", HTML.values(), ids=HTML.keys())
def test_programs_mark_quotes_in_html(html: str) -> None:
    reply, rest = split_reply("", html)
    assert reply == ANSWER
    assert "please try again." in rest


BETWEEN = {
    "proton": '<div class="protonmail_quote">Zap<br><blockquote type="cite">Which one?</blockquote><div>The red one.</div><blockquote type="cite">When?</blockquote><div>Today.</div></div>',
    "apple": '<blockquote type="cite">Which one?</blockquote><div>The red one.</div><blockquote type="cite">When?</blockquote><div>Today.</div>',
    "spark": '<div name="messageReplySection"><blockquote>Which one?</blockquote>The red one.<blockquote>When?</blockquote>Today.</div>',
}


@pytest.mark.parametrize("html", BETWEEN.values(), ids=BETWEEN.keys())
def test_answers_inside_the_quoted_part_are_not_lost(html: str) -> None:
    reply, _ = split_reply("", html)
    for words in ("Which one?", "The red one.", "When?", "Today."):
        assert words in reply


OWN_BLOCKS = [
    "<p>The error was:</p><blockquote>Disk is full.</blockquote><p>What can I do?</p>",
    "<p>See the text</p><blockquote>Disk is full.</blockquote>",
    '<p>Hello</p><div style="border-left:3px solid red">Disk is full.</div><p>Bye</p>',
]


@pytest.mark.parametrize("html", OWN_BLOCKS)
def test_a_block_that_no_program_marked_is_the_sender_s(html: str) -> None:
    reply, rest = split_reply("", html)
    assert "Disk is full." in reply
    assert rest == ""


POINTERS = """Please see my answers below in red.
My comments are inline.
See below.
Le respondo abajo en azul.
Minhas respostas abaixo, em vermelho.
Mes réponses ci-dessous en rouge.
Meine Antworten unten im Text.
Siehe unten.
Rispondo sotto in blu.
Mijn antwoorden hieronder in rood.""".split("\n")


@pytest.mark.parametrize("pointer", POINTERS)
def test_who_points_below_answers_in_the_quote(pointer: str) -> None:
    head = "From: Help <h@example.com>\nSent: Monday\nTo: Marta\nSubject: RE"
    text = f"{pointer}\n\n{head}\n\nWhich version?\n4.2.1\nSince when?\nTuesday"
    assert split_reply(text) == (text, "")


NOTICES = """The contents of this email are confidential to the intended recipient.
If you are not the intended recipient of this email, please notify the sender and delete it.
IMPORTANT: This email and its attachments are confidential.
This electronic message contains information which may be privileged and confidential.
La información contenida en este mensaje es confidencial y está destinada únicamente a su destinatario.
En cumplimiento del RGPD, le informamos que sus datos son tratados por la empresa.
Antes de imprimir este correo, piense en el medio ambiente.
Este correo electrónico ha sido comprobado en busca de virus con Avast antivirus.
As informações contidas nesta mensagem são confidenciais e destinadas ao destinatário.
Livre de vírus.www.avast.com
Les informations contenues dans ce message sont confidentielles et réservées à leur destinataire.
Pensez à l'environnement avant d'imprimer ce message.
Der Inhalt dieser E-Mail ist vertraulich und ausschließlich für den Adressaten bestimmt.
Wenn Sie nicht der richtige Adressat sind, informieren Sie bitte den Absender und löschen Sie diese Mail.
Virenfrei.www.avast.com
Ai sensi del Regolamento UE 2016/679 le informazioni contenute in questo messaggio sono riservate.
Rispetta l'ambiente: non stampare questa mail se non è necessario.
De informatie in dit e-mailbericht is vertrouwelijk en uitsluitend bestemd voor de geadresseerde.
Denk aan het milieu voordat u dit bericht afdrukt.""".split("\n")


@pytest.mark.parametrize("notice", NOTICES)
def test_legal_notices_are_no_words_of_the_answer(notice: str) -> None:
    assert (
        split_reply(f"{ANSWER}\n\n{notice}\nA second line.\n\n{ANNOUNCED}\n{marked(QUOTED)}")[0]
        == ANSWER
    )


DEVICES = """Get [Outlook for iOS](https://aka.ms/o0ukef)
Sent with Spark
Sent from my iPhone, please excuse any typos
Obtén Outlook para iOS
Enviado con el correo seguro de Proton Mail.
Enviado com o e-mail seguro do Proton Mail.
Provenance : Courrier pour Windows 10
Mit der Yahoo Mail App gesendet
Diese Nachricht wurde von meinem Android Mobiltelefon mit WEB.DE Mail gesendet.
Von unterwegs gesendet
Verzonden vanuit Outlook voor iOS
Download Outlook voor iOS
Inviato da Posta<https://go.microsoft.com/fwlink/?LinkId=550986> per Windows""".split("\n")


@pytest.mark.parametrize("line", DEVICES)
def test_programs_advertise_themselves(line: str) -> None:
    assert split_reply(f"{ANSWER}\n\n{line}\n")[0] == ANSWER


CARDS = [
    "___________________\nMarta Ruiz\nTel. +34 600 000 000",
    "-----\nMarta Ruiz\nVentas\nwww.example.org",
    "***\nMarta Ruiz\nmarta@example.org",
    "———\nMarta Ruiz",
]


@pytest.mark.parametrize("card", CARDS)
def test_a_name_and_address_below_a_rule_are_a_signature(card: str) -> None:
    assert split_reply(f"{ANSWER}\n\n{card}")[0] == ANSWER


WHOLE = [
    "Hello,\n\nOn Monday 16 November 2026 at 10:00 my colleague wrote a mail to you:\nno answer came.",
    "Hello,\n\nOn 16 November 2026 at 10:00 your colleague wrote:\nyou will get it. I did not.",
    "Guten Tag,\n\nam 16.11.2026 um 09:12 Uhr schrieb mir Ihr Kollege:\nes kommt. Es kam nicht.",
    "Guten Tag,\n\nam 16.11.2026 um 10:00 schrieb ich an help@example.com:\nbitte anrufen. Niemand rief an.",
    "Hola,\n\nEl 16/11/2026 a las 10:00 le escribí a help@example.com:\nllámenme. Nadie llamó.",
    "My data:\n-----\nAna Ruiz\nana@example.com\n\nPlease change it to the address that I gave you.",
    "Please change my data to:\n\n-----\nAna Ruiz\nCalle Mayor 5\nana@example.com",
    "Hello\n\nSent from my iPhone is what my mails say; how can I remove it?",
    "Hello\n\nGet Outlook for my new computer please, we need it by Friday and I have no licence.",
    "Guten Tag,\n\nGesendet von der Firma wurde das Paket am Montag, mein Telefon klingelte nicht.",
    "Guten Tag\n\nDas Bild habe ich per Handy gesendet",
    "Hello\n\nThis message is confidential for my boss: please close my account.",
    "Hola\n\nAviso legal: ¿dónde lo encuentro en su página?",
    "Hello\n\nNotice: I am moving to a new address on Monday. It is 5 Main St.",
    "Hi\n\nImportant notice: we close on Friday; deliver before that.",
    "Thanks!\n--\nOne more thing: it also fails on the phone.\nAnd it does on the tablet.\nCould you look at it?",
    "Error:\n\n----------\nStack trace\n----------\n\nWhat does it mean?",
    "Name: ______________________\nAge: ____\n\nplease fill in",
    "The patch:\n\n--- a/file\n+++ b/file\n-old\n+new\n\nPlease apply.",
]


@pytest.mark.parametrize("text", WHOLE)
def test_what_people_say_stays(text: str) -> None:
    assert split_reply(text) == (text, "")


def test_links_between_quoted_lines_belong_to_them() -> None:
    text = f"{ANSWER}\n\n{ANNOUNCED}\n\n> See\n>\n(http://example.com/c/YzOTYz) >\n> this\n"
    assert split_reply(text)[0] == ANSWER


def test_a_rule_above_what_a_program_adds_goes_with_it() -> None:
    assert split_reply(f"{ANSWER}\n\n---\nGesendet mit der mobilen Mail App\n")[0] == ANSWER


def test_what_is_asked_below_the_line_of_the_device_is_kept() -> None:
    reply, rest = split_reply("Thank you.\n\nSent from my iPhone\n\nPS: could you call me?")
    assert reply == "Thank you.\n\n\nPS: could you call me?"
    assert rest == "Sent from my iPhone"


@pytest.mark.parametrize(
    "line", ["this message is ", "Sent from my iPhone\n", "---\na@b\n", "PS: x\n\n"]
)
def test_the_time_grows_with_the_length_only(line: str) -> None:
    import time

    started = time.process_time()
    split_reply(line * (300_000 // len(line)))
    assert time.process_time() - started < 4
