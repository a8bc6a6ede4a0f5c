"""The words of the answer, by mail program and by language."""

# ruff: noqa: E501 - a row of a table stays on its line

import time

import pytest

from messaging.email.reply_text import split_reply

ANSWER = "Thank you, that works now.\nOne question is left: who pays the postage?"
QUOTED = "Dear Ana,\nplease try the new link.\n\nYour support team"


def marked(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def test_it_works() -> None:
    reply, quoted = split_reply(
        f"{ANSWER}\n\nOn Mon, Apr 2, 2040 at 6:26 PM, Help <h@example.com> wrote:\n\n{marked(QUOTED)}"
    )
    assert reply == ANSWER
    assert quoted.startswith("On Mon, Apr 2")
    assert "> please try" in quoted


ANNOUNCEMENTS = {
    "gmail en": "On Wed, May 18, 2044 at 11:10 PM Help Desk <help@example.com> wrote:",
    "gmail en, cut in two": "On Wed, May 18, 2044 at 11:10 PM Help Desk Of The Company\n<help@example.com> wrote:",
    "gmail en, cut before the verb": "On Wed, May 18, 2044 at 11:10 PM Help Desk <help@example.com>\nwrote:",
    "gmail en, address cut": "On Wed, May 18, 2044 at 11:10 PM Help Desk <\nhelp@example.com> wrote:",
    "gmail es": "El mié, 18 may 2044 a las 23:10, Mesa de ayuda (<help@example.com>) escribió:",
    "gmail es, cut": "El mié, 18 may 2044 a las 23:10, Mesa de ayuda (<help@example.com>)\nescribió:",
    "gmail pt": "Em qua., 18 de mai. de 2044 às 23:10, Ajuda <help@example.com> escreveu:",
    "gmail pt-PT": "Ajuda <help@example.com> escreveu (quarta, 18/05/2044 à(s) 23:10):",
    "gmail fr": "Le mer. 18 mai 2044 à 23:10, Aide <help@example.com> a écrit :",
    "gmail de": "Am Mi., 18. Mai 2044 um 23:10 Uhr schrieb Hilfe <help@example.com>:",
    "gmail it": "Il giorno mer 18 mag 2044 alle ore 23:10 Aiuto <help@example.com> ha scritto:",
    "gmail nl": "Op wo 18 mei 2044 om 23:10 schreef Hulp <help@example.com>:",
    "gmail pl": "śr., 18 maj 2044 o 23:10 Pomoc <help@example.com> napisał(a):",
    "gmail cs": "st 18. 5. 2044 v 23:10 odesílatel Pomoc <help@example.com> napsal:",
    "gmail sv": "Den ons 18 maj 2044 kl 23:10 skrev Hjälp <help@example.com>:",
    "gmail da": "Den ons. 18. maj 2044 kl. 23.10 skrev Hjælp <help@example.com>:",
    "gmail no": "ons. 18. mai 2044 kl. 23:10 skrev Hjelp <help@example.com>:",
    "gmail fi": "ke 18. toukok. 2044 klo 23.10 Apu (help@example.com) kirjoitti:",
    "gmail tr": "Yardım <help@example.com>, 18 May 2044 Çar, 23:10 tarihinde şunu yazdı:",
    "gmail ru": "ср, 18 мая 2044 г. в 23:10, Помощь <help@example.com>:",
    "gmail uk": "ср, 18 трав. 2044 р. о 23:10 Довідка <help@example.com> пише:",
    "gmail hu": "Segítség <help@example.com> ezt írta (időpont: 2044. máj. 18., Sze, 23:10):",
    "gmail ro": "În mie., 18 mai 2044 la 23:10, Ajutor <help@example.com> a scris:",
    "gmail el": "Στις Τετ 18 Μαΐ 2044 στις 11:10 μ.μ., ο χρήστης Help <help@example.com> έγραψε:",
    "gmail ja": "2044年5月18日(水) 23:10 Help <help@example.com>:",
    "gmail zh": "Help <help@example.com> 于2044年5月18日周三 23:10写道：",
    "gmail zh-TW": "Help <help@example.com> 於 2044年5月18日 週三 下午11:10寫道：",
    "gmail ko": "2044년 5월 18일 (수) 오후 11:10, Help <help@example.com>님이 작성:",
    "gmail vi": "Vào Th 4, 18 thg 5, 2044 vào lúc 23:10 Help <help@example.com> đã viết:",
    "gmail id": "Pada Rab, 18 Mei 2044 pukul 23.10 Help <help@example.com> menulis:",
    "gmail ca": "El dc., 18 de maig 2044, 23:10, Ajuda <help@example.com> va escriure:",
    "gmail, no known language": "Pr, 18-05-2044 23:10 Abi <help@example.com> raxtara:",
    "gmail, old": "2044-05-18 23:10 GMT+02:00 Help <help@example.com>:",
    "apple en": "On 18 May 2044, at 23:10, Help Desk <help@example.com> wrote:",
    "apple en, no address": "On May 18, 2044, at 11:10 PM, Help Desk wrote:",
    "apple de": "Am 18.05.2044 um 23:10 schrieb Hilfe <help@example.com>:",
    "apple fr": "Le 18 mai 2044 à 23:10, Aide <help@example.com> a écrit :",
    "apple es": "El 18 may 2044, a las 23:10, Ayuda <help@example.com> escribió:",
    "apple pt-BR": "Em 18 de mai. de 2044, à(s) 23:10, Ajuda <help@example.com> escreveu:",
    "apple pt-PT": "No dia 18/05/2044, às 23:10, Ajuda <help@example.com> escreveu:",
    "apple it": "Il giorno 18 mag 2044, alle ore 23:10, Aiuto <help@example.com> ha scritto:",
    "apple nl": "Op 18 mei 2044, om 23:10 heeft Hulp <help@example.com> het volgende geschreven:",
    "thunderbird en": "On 5/18/44 11:10 PM, Help Desk wrote:",
    "thunderbird de": "Am 18.05.44 um 23:10 schrieb Hilfe:",
    "thunderbird fr": "Le 18/05/2044 à 23:10, Aide a écrit :",
    "thunderbird it": "Il 18/05/2044 23:10, Aiuto ha scritto:",
    "thunderbird es": "El 18/05/2044 a las 23:10, Ayuda escribió:",
    "thunderbird pt": "Em 18/05/2044 23:10, Ajuda escreveu:",
    "thunderbird nl": "Op 18-05-2044 om 23:10 schreef Hulp:",
    "thunderbird ru": "18.05.2044 23:10, Помощь пишет:",
    "yahoo en": "    On Wednesday, 18 May 2044 at 11:10:02 pm GMT+1, Help <help@example.com> wrote:  ",
    "yahoo es": "    El miércoles, 18 de mayo de 2044, 11:10:02 p. m. CEST, Ayuda <help@example.com> escribió:",
    "yahoo pt": "    Em quarta-feira, 18 de maio de 2044 23:10:02 BRT, Ajuda <help@example.com> escreveu:",
    "yahoo de": "    Am Mittwoch, 18. Mai 2044 um 23:10:02 MESZ hat Hilfe <help@example.com> Folgendes geschrieben:",
    "yahoo it": "    Il mercoledì 18 maggio 2044 alle ore 23:10:02 CEST, Aiuto <help@example.com> ha scritto:",
    "proton en": "On Wednesday, May 18th, 2044 at 11:10 PM, Help <help@example.com> wrote:",
    "proton, old": "‐‐‐‐‐‐‐ Original Message ‐‐‐‐‐‐‐\nOn Wednesday, May 18th, 2044 at 11:10 PM, Help <help@example.com> wrote:",
    "proton fr": "Le mercredi 18 mai 2044 à 23:10, Aide <help@example.com> a écrit :",
    "mail.ru": "Среда, 18 мая 2044, 23:10 +03:00 от Help <help@example.com>:",
    "samsung": "-------- Original message --------\nFrom: Help <help@example.com>\nDate: 18/05/2044 23:10 (GMT+01:00)\nTo: Ana <ana@example.com>\nSubject: Re: Link",
    "zimbra": "----- Original Message -----\nFrom: help@example.com\nTo: ana@example.com\nSent: Wednesday, May 18, 2044 11:10:02 PM\nSubject: Link",
    "gmail he": "\u202bבתאריך יום ד׳, 18 במאי 2044 ב-23:10 מאת \u202aHelp\u202c\u200f <\u202ahelp@example.com\u202c\u200f>:\u202c",
    "mutt": "On Wed, May 18, 2044 at 11:10:02PM +0200, Help Desk wrote:",
}


@pytest.mark.parametrize("announcement", ANNOUNCEMENTS.values(), ids=ANNOUNCEMENTS.keys())
@pytest.mark.parametrize("mark_lines", [True, False], ids=["marked", "unmarked"])
def test_quotes_are_announced_in_many_ways(announcement: str, mark_lines: bool) -> None:
    quote = marked(QUOTED) if mark_lines else QUOTED
    reply, quoted = split_reply(f"{ANSWER}\n\n{announcement}\n\n{quote}\n")
    assert reply == ANSWER
    assert "please try the new link" in quoted


HEADS = {
    "en": ("From", "Sent", "To", "Subject"),
    "en, outlook for mac": ("From", "Date", "To", "Subject"),
    "es": ("De", "Enviado", "Para", "Asunto"),
    "es, outlook": ("De", "Enviado el", "Para", "Asunto"),
    "pt": ("De", "Enviado", "Para", "Assunto"),
    "pt-BR": ("De", "Enviada em", "Para", "Assunto"),
    "fr": ("De", "Envoyé", "À", "Objet"),
    "de": ("Von", "Gesendet", "An", "Betreff"),
    "it": ("Da", "Inviato", "A", "Oggetto"),
    "nl": ("Van", "Verzonden", "Aan", "Onderwerp"),
    "sv": ("Från", "Skickat", "Till", "Ämne"),
    "da": ("Fra", "Sendt", "Til", "Emne"),
    "fi": ("Lähettäjä", "Lähetetty", "Vastaanottaja", "Aihe"),
    "pl": ("Od", "Wysłano", "Do", "Temat"),
    "cs": ("Od", "Odesláno", "Komu", "Předmět"),
    "hu": ("Feladó", "Elküldve", "Címzett", "Tárgy"),
    "tr": ("Kimden", "Gönderildi", "Kime", "Konu"),
    "ru": ("От", "Отправлено", "Кому", "Тема"),
    "zh": ("发件人", "发送时间", "收件人", "主题"),
    "ja": ("差出人", "送信日時", "宛先", "件名"),
    "ko": ("보낸 사람", "보낸 날짜", "받는 사람", "제목"),
}
HEAD_SHAPES = {
    "desktop": "{0}: Help [mailto:help@example.com]\n{1}: 18.05.2044 23:10\n{2}: Ana\n{3}: Re: Link",
    "web": "________________________________\n{0}: Help <help@example.com>\n{1}: 18.05.2044 23:10\n{2}: Ana <a@example.com>\n{3}: Re: Link",
    "bold": "*{0}:* Help <help@example.com>\n*{1}:* 18.05.2044 23:10\n*{2}:* Ana\n*{3}:* Re: Link",
    "spaced": "{0} : Help <help@example.com>\n{1} : 18.05.2044 23:10\n{2} : Ana\n{3} : Re: Link",
    "wide colon": "{0}：Help <help@example.com>\n{1}：18.05.2044 23:10\n{2}：Ana\n{3}：Re: Link",
    "no addresses": "{0}: Help\n{1}: 18.05.2044 23:10\n{2}: Ana\n{3}: Re: Link",
    "date first": "{1}: 18.05.2044 23:10\n{3}: Re: Link\n{0}: help@example.com\n{2}: ana@example.com",
    "long to": "{0}: Help <help@example.com>\n{1}: 18.05.2044 23:10\n{2}: Ana <a@example.com>;\n Bea <b@example.com>;\n Cid <c@example.com>\n{3}: Re: Link",
}


@pytest.mark.parametrize("labels", HEADS.values(), ids=HEADS.keys())
@pytest.mark.parametrize("shape", HEAD_SHAPES.values(), ids=HEAD_SHAPES.keys())
def test_outlook_repeats_the_head_of_the_quoted_mail(shape: str, labels: tuple[str, ...]) -> None:
    reply, quoted = split_reply(f"{ANSWER}\n\n{shape.format(*labels)}\n\n{QUOTED}")
    assert reply == ANSWER
    assert "please try the new link" in quoted


DEVICES = """Sent from my iPhone
Sent from my Galaxy S24
Sent from Yahoo Mail for iPhone
Sent from Outlook for iOS
Get Outlook for Android<https://aka.ms/x>
Sent with Proton Mail secure email.
Sent via BlackBerry by AT&T
Enviado desde mi iPhone
Enviado desde mi teléfono Samsung Galaxy.
Obtener Outlook para iOS<https://aka.ms/x>
Enviado do meu iPhone
Enviado do meu Galaxy
Obter o Outlook para Android
Envoyé de mon iPhone
Envoyé depuis mon téléphone Orange
Télécharger Outlook pour iOS
Von meinem iPhone gesendet
Gesendet von meinem Samsung Galaxy Smartphone.
Gesendet von Outlook für Android
Inviato da iPhone
Inviato dal mio Galaxy
Ottieni Outlook per Android
Verstuurd vanaf mijn iPhone
Verzonden vanaf mijn Galaxy
Outlook voor Android downloaden
Skickat från min iPhone
Sendt fra min iPhone
Wysłane z iPhone'a
Odesláno z iPhonu
Отправлено с iPhone
iPhoneから送信
发自我的 iPhone
나의 iPhone에서 보냄
iPhone'umdan gönderildi""".split("\n")


@pytest.mark.parametrize("line", DEVICES)
def test_the_device_is_no_word_of_the_answer(line: str) -> None:
    assert split_reply(f"{ANSWER}\n\n{line}\n")[0] == ANSWER


SIGNATURES = {
    "rfc": "-- \nAna Silva\n+351 21 000 00 00",
    "space lost": "--\nAna Silva\n+351 21 000 00 00",
    "em dash": "—\nAna Silva",
    "name after a hyphen": "-Ana Silva",
    "mailing list": f"{'_' * 47}\nusers mailing list\nusers@example.com",
    "disclaimer en": "CONFIDENTIALITY NOTICE: This message is for the named person only.",
    "disclaimer en 2": "This email and any attachments are confidential and intended solely\nfor the addressee.",
    "disclaimer es": "AVISO LEGAL: Este mensaje contiene información confidencial.",
    "disclaimer es 2": "Este mensaje y sus adjuntos se dirigen exclusivamente a su destinatario\ny son confidenciales.",
    "disclaimer pt": "Esta mensagem, incluindo anexos, pode conter informação confidencial.",
    "disclaimer fr": "Ce message et ses pièces jointes sont confidentiels et destinés au destinataire.",
    "disclaimer de": "Diese E-Mail enthält vertrauliche Informationen.",
    "disclaimer it": "Questo messaggio e i suoi allegati sono riservati ai destinatari.",
    "disclaimer nl": "Dit bericht is vertrouwelijk en alleen bestemd voor de geadresseerde.",
    "print": "Please consider the environment before printing this e-mail",
    "virus": "This email has been checked for viruses by a well-known program.",
}


@pytest.mark.parametrize("signature", SIGNATURES.values(), ids=SIGNATURES.keys())
@pytest.mark.parametrize(
    "quote", ["", f"\n\nOn May 18, 2044, at 23:10, H wrote:\n\n{marked(QUOTED)}"]
)
def test_signatures_are_no_words_of_the_answer(signature: str, quote: str) -> None:
    reply, rest = split_reply(f"{ANSWER}\n\n{signature}{quote}")
    assert reply == ANSWER
    assert signature.split("\n")[0].strip() in rest


WHOLE = {
    "plain": ANSWER,
    "bullets": "I need:\n\n- a chair\n- a table\n-- both black\n\nThanks\n-Ana",
    "on at the start": "On Monday I called you at 10:30, and nobody answered.\nOn Tuesday too.",
    "wrote in a sentence": "On 3 May 2044 your colleague wrote: the parcel is lost.\nIs it?",
    "a journey": "Please book:\nFrom: Lisbon\nTo: Berlin\nDate: 18 May 2044\nThanks",
    "an appointment": "Invitation:\n\nDate: Wednesday 3, October\nTime: 7:00\nAddress: 130 Fox St",
    "chevrons": "Visit us\n>>> >>>  http://example.com <<<\nSee the link above",
    "one marked line": "The program says\n> command not found\nWhat now?",
    "an error shown": "I get this:\n\n> Traceback\n> line 1\n> line 2\n> ValueError\n",
    "a ruler": "Your form:\n\n---------- Enter Feedback Below ----------\n\nAll was well.",
    "dashes": "First part\n\n-----\n\nSecond part",
    "sent from a place": "Sent from my office to yours: three parcels, all of them broken, and\nnobody cares.",
    "forwarded": "Please see below.\n\n---------- Forwarded message ---------\nFrom: Bob <b@example.com>\n"
    "Date: Tue, 4 Sep 2040 at 1:35 PM\nSubject: Two\nTo: Ana <a@example.com>\n\nThe text",
    "forwarded by apple": "FYI\n\nBegin forwarded message:\n\nFrom: Bob <b@example.com>\nSubject: Two\n"
    "Date: 4 September 2040\nTo: Ana <a@example.com>\n\nThe text",
    "forwarded de": "Bitte lesen\n\n-------- Weitergeleitete Nachricht --------\nBetreff: Zwei\n"
    "Datum: Di, 4 Sep 2040\nVon: Bob <b@example.com>\nAn: Ana <a@example.com>\n\nDer Text",
    "only a head": "From: Bob <b@example.com>\nSent: Tuesday\nTo: Ana\nSubject: Two\n\nThe text",
    "confidential": "Is this message confidential? I would like to send my passport.",
    "code": "if (a > b) {\n  return;\n}\n$ ls > out.txt",
    "long rest after dashes": "Intro\n--\n"
    + "\n".join(f"Line {n} of the report" for n in range(40)),
}


@pytest.mark.parametrize("text", WHOLE.values(), ids=WHOLE.keys())
def test_words_that_only_look_like_a_quote_stay(text: str) -> None:
    assert split_reply(text) == (text.strip("\n"), "")


def test_answers_between_quotes_stay_together_with_them() -> None:
    text = (
        "Hello,\n\nOn May 18, 2044, at 23:10, Help wrote:\n\n> Which size?\n\nThirty-eight.\n\n"
        "> Which colour?\n\nBlack, please.\n\n> Yours, Help\n> -- \n> Company\n\n-- \nAna"
    )
    reply, rest = split_reply(text)
    for words in ("Hello,", "> Which size?", "Thirty-eight.", "> Which colour?", "Black, please."):
        assert words in reply
    assert "Yours, Help" in rest
    assert "Yours, Help" not in reply
    assert rest.endswith("Ana")
    assert not reply.endswith("Ana")


def test_short_answers_right_between_marked_lines_are_kept() -> None:
    text = (
        "On May 18, 2044, at 23:10, Help wrote:\n> Do you want it?\nyes\n> And the other one too, with "
        "the long cable that we spoke about?\nno\n> Bye"
    )
    reply, _ = split_reply(text)
    assert "\nyes\n" in reply
    assert reply.endswith("\nno")


def test_an_answer_below_the_quote() -> None:
    text = f"On May 18, 2044, at 23:10, Help wrote:\n{marked(QUOTED)}\n\n{ANSWER}\n"
    assert split_reply(text)[0] == ANSWER


def test_words_above_and_below_the_quote() -> None:
    text = f"Hello\n\nOn May 18, 2044, at 23:10, Help wrote:\n\n{marked(QUOTED)}\n\nRegards, Ana"
    assert split_reply(text)[0].split() == ["Hello", "Regards,", "Ana"]


SHORT = {
    "no known language": "Kuu T, 18. mai 2044 kell 23:10 kirj Abi <help@example.com> x:",
    "without date": "Zitat von Help <help@example.com>:",
    "without verb": "2044/5/18 Help <help@example.com>",
    "in brackets": "* Help <help@example.com> [2044-05-18 23:10]:",
    "only a name": "Help Desk wrote:",
    "name and address": "Help Desk <help@example.com> writes:",
}


@pytest.mark.parametrize("announcement", SHORT.values(), ids=SHORT.keys())
def test_with_marks_below_less_is_enough(announcement: str) -> None:
    assert split_reply(f"{ANSWER}\n\n{announcement}\n\n{marked(QUOTED)}")[0] == ANSWER


def test_an_announcement_behind_the_last_words() -> None:
    text = f"Yes, thanks. On Wed, May 18, 2044 at 11:10 PM, h@example.com wrote:\n{marked(QUOTED)}"
    assert split_reply(text)[0] == "Yes, thanks."


def test_lines_cut_by_the_way_belong_to_the_quote() -> None:
    long = "> this quoted line was longer than the program on the way allowed, so it was cut in\ntwo pieces\n> here"
    reply, quoted = split_reply(f"{ANSWER}\n\nOn 18 May 2044, at 23:10, Help wrote:\n> a\n{long}\n")
    assert reply == ANSWER
    assert "two pieces" in quoted


@pytest.mark.parametrize(
    "delimiter",
    [
        "##- Please type your reply above this line -##",
        "> ##- Por favor escriba su respuesta por encima de esta línea -##",
        "--- Reply above this line ---",
        "=== Bitte antworten Sie über dieser Linie ===",
    ],
)
def test_our_delimiter_ends_the_answer(delimiter: str) -> None:
    reply, quoted = split_reply(f"{ANSWER}\n\n{delimiter}\n\nAnything at all")
    assert reply == ANSWER
    assert "Anything at all" in quoted


def test_an_announcement_above_the_delimiter_goes_with_it() -> None:
    text = f"{ANSWER}\n\nOn 18 May 2044, at 23:10, Help <h@example.com> wrote:\n\n> ##- reply above -##\n> Hi"
    assert split_reply(text)[0] == ANSWER


def test_nothing_but_a_quote_leaves_no_words() -> None:
    assert split_reply(f"On 18 May 2044, at 23:10, Help wrote:\n{marked(QUOTED)}")[0] == ""


def test_a_very_long_mail_loses_no_line() -> None:
    lines = [f"line {number}" for number in range(7_000)]
    quoted = [f"> quoted {number}" for number in range(7_000)]
    text = "\n".join([*lines[:4_000], "", "On 18 May 2044, at 23:10, Help wrote:", *quoted])
    reply, rest = split_reply("\n".join(lines))
    assert (reply.split("\n"), rest) == (lines, "")
    reply, rest = split_reply(text)
    assert reply.split("\n") == lines[:4_000]
    assert rest.split("\n")[1:] == quoted


@pytest.mark.parametrize(
    "line",
    [
        "On x, ",
        "On Mon, Jan 1, 2020 at 1:00 PM a\n",
        "From: a\nSent: b\n",
        "From: \n",
        "-",
        "-- \n",
        "____\n",
        "> ",
        ">\n",
        "> a\nb\n",
        "wrote:\n",
        "<a@b ",
        "1 ",
        "Sent from my ",
        "this message ",
        "a: b\n\n",
        "－- ",
    ],
)
def test_the_time_grows_with_the_length_only(line: str) -> None:
    text = line * (300_000 // len(line))
    started = time.process_time()
    split_reply(text)
    assert time.process_time() - started < 4
