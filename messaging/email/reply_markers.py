"""The words by which mail programs mark what is quoted, by language.

One row for each language; a new language needs a row here and a case in the tests. Words are
lower case. `wrote` may be followed by an ending such as "(a)". Labels stand before a colon at the
start of a line. Sources: the programs' own translations.
"""

# ruff: noqa: E501 - a row of a table stays on its line

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """How programs speak in one language; several spellings are separated by "|"."""

    starts: str = ""
    wrote: str = ""
    sender: str = ""
    sent: str = ""
    to: str = ""
    copy: str = ""
    subject: str = ""
    original: str = ""
    forwarded: str = ""
    sent_from: str = ""


LANGUAGES = {
    "en": Language(
        starts="on",
        wrote="wrote|writes|has written",
        sender="from",
        sent="sent|date|sent at|sent on",
        to="to",
        copy="cc|bcc",
        subject="subject",
        original="original message|original appointment|reply message|original email|original mail",
        forwarded="forwarded message|begin forwarded message|forwarded email|forwarded by",
        sent_from="sent from|sent via|sent with|sent using|get outlook for|sent by|download outlook",
    ),
    "es": Language(
        starts="el|con fecha",
        wrote="escribió|escribio|ha escrito|escribió lo siguiente|va escriure",
        sender="de|desde",
        sent="enviado|enviado el|enviada|fecha|enviado a las",
        to="para|a",
        copy="cc|cco",
        subject="asunto",
        original="mensaje original|cita original|correo original",
        forwarded="mensaje reenviado|inicio del mensaje reenviado|mensaje remitido",
        sent_from="enviado desde|enviado con|enviado mediante|enviado vía|obtener outlook|obtén outlook|enviado de|descargar outlook",
    ),
    "pt": Language(
        starts="em|no dia|a|às|na(o)|na|no",
        wrote="escreveu|escreveu o seguinte|escreveu no dia",
        sender="de",
        sent="enviado|enviada|enviado em|enviada em|enviado a|data|enviado às",
        to="para",
        copy="cc|cco",
        subject="assunto",
        original="mensagem original|compromisso original|email original",
        forwarded="mensagem encaminhada|mensagem reencaminhada|início da mensagem encaminhada",
        sent_from="enviado do|enviado da|enviado de|enviado a partir|enviado via|obter o outlook"
        "|enviado pelo|obtenha o outlook|obter outlook|enviado com|baixar o outlook",
    ),
    "fr": Language(
        starts="le|en date du",
        wrote="a écrit|à écrit|écrit|ecrit|a ecrit|écrivait|a écrit ce qui suit",
        sender="de|expéditeur",
        sent="envoyé|envoyé le|date|envoye",
        to="à|a|pour|destinataire",
        copy="cc|cci|copie à",
        subject="objet|sujet",
        original="mail original|e-mail original|message d'origine|message original|message d’origine|message initial"
        "|rendez-vous d'origine|rendez-vous d’origine|courriel original",
        forwarded="message transféré|début du message transféré|message réexpédié"
        "|début du message réexpédié|forwarded message",
        sent_from="envoyé de|envoyé depuis|envoyé à partir|envoyé avec|envoyé par"
        "|télécharger outlook|obtenir outlook|obtenez outlook|provenance",
    ),
    "de": Language(
        starts="am|von",
        wrote="schrieb|schrieb am|hat geschrieben|schreibt|geschrieben|schrieb folgendes",
        sender="von|absender",
        sent="gesendet|datum|gesendet am|gesendet um",
        to="an|empfänger",
        copy="cc|bcc|kopie",
        subject="betreff",
        original="original nachricht|antwort nachricht|antwortnachricht|ursprüngliche nachricht|originalnachricht|original-nachricht"
        "|ursprünglicher termin|originaltermin",
        forwarded="weitergeleitete nachricht|anfang der weitergeleiteten nachricht"
        "|weitergeleitete e-mail|weitergeleitet von",
        sent_from="gesendet von|gesendet mit|von meinem|diese nachricht wurde von meinem"
        "|gesendet über|holen sie sich outlook|outlook für|von samsung|mobil gesendet",
    ),
    "it": Language(
        starts="il|in data|il giorno",
        wrote="ha scritto|scrisse|scrive|ha scritto quanto segue",
        sender="da|mittente",
        sent="inviato|inviata|data|inviato il",
        to="a|destinatario",
        copy="cc|ccn",
        subject="oggetto",
        original="messaggio originale|messaggio originario|appuntamento originale",
        forwarded="messaggio inoltrato|inizio messaggio inoltrato|inizio del messaggio inoltrato",
        sent_from="inviato da|inviato dal|inviato con|inviata da|ottieni outlook|scarica outlook",
    ),
    "nl": Language(
        starts="op",
        wrote="schreef|heeft het volgende geschreven|geschreven|schreef het volgende",
        sender="van",
        sent="verzonden|datum|verstuurd|verzonden op",
        to="aan",
        copy="cc|bcc",
        subject="onderwerp",
        original="oorspronkelijk bericht|origineel bericht|oorspronkelijke bericht|originele bericht"
        "|oorspronkelijke afspraak",
        forwarded="doorgestuurd bericht|begin doorgestuurd bericht",
        sent_from="verstuurd vanaf|verzonden vanaf|verzonden met|verstuurd met|outlook voor"
        "|verzonden via|verstuurd via|verzonden door|verzonden vanuit|verstuurd vanuit"
        "|download outlook",
    ),
    "ca": Language("el|en data", "va escriure|ha escrit", "de", "enviat|data", "per a|a",
                   "cc", "assumpte", "missatge original", "missatge reenviat", "enviat des"),
    "gl": Language("o", "escribiu", "de", "enviado|data", "para", "cc", "asunto"),
    "da": Language("den", "skrev", "fra", "sendt|dato", "til", "cc", "emne",
                   "oprindelig meddelelse|original meddelelse",
                   "videresendt meddelelse|start på videresendt besked", "sendt fra|hent outlook"),
    "no": Language("den|på", "skrev", "fra", "sendt|dato", "til", "kopi", "emne",
                   "opprinnelig melding|original melding", "videresendt melding", "sendt fra"),
    "sv": Language("den", "skrev", "från", "skickat|datum|skickades", "till", "kopia|cc", "ämne",
                   "ursprungligt meddelande|originalmeddelande", "vidarebefordrat meddelande",
                   "skickat från|skickat med|skickades från|hämta outlook"),
    "fi": Language("", "kirjoitti", "lähettäjä", "lähetetty|päivämäärä", "vastaanottaja|kopio",
                   "kopio", "aihe", "alkuperäinen viesti", "välitetty viesti", "lähetetty"),
    "pl": Language("w dniu|dnia|w dn", "napisał|napisała|napisał(a)|pisze", "od",
                   "wysłano|data|wysłane", "do", "dw|cc", "temat",
                   "wiadomość oryginalna|oryginalna wiadomość|wiadomość oryginalna",
                   "wiadomość przekazana|przekazana wiadomość", "wysłane z|wysłano z|pobierz outlook"),
    "cs": Language("dne", "napsal|napsala|napsal(a)", "od", "odesláno|datum", "komu", "kopie",
                   "předmět", "původní zpráva|původní e-mail", "přeposlaná zpráva", "odesláno z"),
    "sk": Language("dňa", "napísal|napísala|napísal(a)", "od", "odoslané|dátum", "komu", "kópia",
                   "predmet", "pôvodná správa", "preposlaná správa", "odoslané z"),
    "hu": Language("", "írta|ezt írta|a következőt írta", "feladó", "elküldve|dátum", "címzett",
                   "másolat", "tárgy", "eredeti üzenet", "továbbított üzenet", "elküldve"),
    "ro": Language("în data de|pe|la", "a scris", "de la", "trimis|data", "către", "cc",
                   "subiect", "mesaj original|mesajul original", "mesaj redirecționat", "trimis de"),
    "hr": Language("dana|u", "napisao|napisala|piše|je napisao", "šalje|od", "poslano|datum",
                   "prima|za", "kopija", "predmet", "izvorna poruka", "proslijeđena poruka",
                   "poslano s"),
    "tr": Language("", "şunu yazdı|yazdı|tarihinde yazdı|şunları yazdı", "kimden|gönderen",
                   "gönderildi|tarih|gönderme tarihi", "kime|alıcı", "bilgi", "konu",
                   "özgün ileti|orijinal mesaj|orjinal mesaj", "yönlendirilmiş ileti",
                   "iphone'umdan gönderildi"),
    "el": Language("στις|την", "έγραψε", "από", "στάλθηκε|ημερομηνία|αποστολή", "προς", "κοιν",
                   "θέμα", "αρχικό μήνυμα", "προωθημένο μήνυμα", "στάλθηκε από"),
    "ru": Language("в", "написал|написала|написал(а)|пишет|писал|писала", "от|от кого",
                   "отправлено|дата|отправлен", "кому", "копия", "тема",
                   "исходное сообщение|оригинальное сообщение|пересылаемое",
                   "пересланное сообщение|пересылаемое сообщение", "отправлено с|отправлено из"),
    "uk": Language("", "пише|написав|написала|написав(ла)", "від|від кого",
                   "надіслано|дата|відправлено", "кому", "копія", "тема",
                   "вихідне повідомлення|оригінальне повідомлення", "переслане повідомлення",
                   "надіслано з"),
    "bg": Language("на", "написа", "от", "изпратено|дата", "до", "копие", "относно|тема"),
    "vi": Language("vào|lúc", "đã viết|viết", "từ", "gửi|ngày", "tới|đến", "cc", "chủ đề",
                   "tin nhắn gốc", "thư chuyển tiếp", "gửi từ"),
    "id": Language("pada", "menulis", "dari", "terkirim|tanggal|dikirim", "ke|kepada", "cc",
                   "subjek|perihal", "pesan asli", "pesan terusan|pesan yang diteruskan",
                   "dikirim dari"),
    "zh": Language("在|于", "写道|寫道|写到", "发件人|寄件者|寄件人", "发送时间|日期|發送時間|寄件日期|时间",
                   "收件人|收件者", "抄送|副本", "主题|主旨|主題", "原始邮件|原始郵件|原邮件",
                   "转发的邮件|轉寄的郵件|转发邮件", "发自我的|從我的|发自|傳送自"),
    "ja": Language("", "のメール|は書きました|wrote", "差出人|送信者|from", "送信日時|日時|日付|送信",
                   "宛先", "cc", "件名", "元のメッセージ|original message", "転送されたメッセージ",
                   "iphoneから送信|から送信"),
    "ko": Language("", "작성|님이 작성|쓰신 글", "보낸 사람|보낸사람|발신", "보낸 날짜|날짜|보냄",
                   "받는 사람|받는사람", "참조", "제목", "원본 메시지|원본 메일", "전달된 메시지",
                   "나의 iphone에서 보냄|에서 보냄"),
    "ar": Language("في|بتاريخ", "كتب|كتبت", "من", "تم الإرسال|التاريخ|إرسال", "إلى", "نسخة",
                   "الموضوع", "الرسالة الأصلية", "رسالة معاد توجيهها", "مرسل من"),
    "he": Language("ב|בתאריך", "כתב|כתבה|מאת", "מאת", "נשלח|תאריך", "אל", "עותק", "נושא",
                   "הודעה מקורית", "הודעה שהועברה", "נשלח מ"),
}  # fmt: skip


def _words(name: str) -> list[str]:
    found = {
        word
        for language in LANGUAGES.values()
        for word in getattr(language, name).split("|")
        if word
    }
    return sorted(found, key=lambda word: (-len(word), word))


def _any_of(name: str) -> str:
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in _words(name))


# Mail programs write the start in capitals; names of weekdays and months follow in any language.
STARTS = re.compile(rf"(?:{_any_of('starts')})(?=[\s,.:]|\d)", re.IGNORECASE)
# An end such as "(a)" or "(ła)" names both genders.
WROTE = re.compile(rf"(?:\b|(?<=[>\])\"'\d年月日分]))(?:{_any_of('wrote')})", re.IGNORECASE)
WROTE_WORDS = tuple(_words("wrote"))

# A date alone says less than "sent": appointments have one too.
_DATES = frozenset(
    """date fecha data datum dato päivämäärä dátum tarih ημερομηνία дата ngày tanggal 日期 时间 日付
    日時 날짜 التاريخ תאריך""".split()
)
LABELS: dict[str, str] = {}
for _kind in ("subject", "sent", "copy", "to", "sender"):
    for _word in _words(_kind):
        LABELS[_word] = "date" if _word in _DATES else _kind
LABEL = re.compile(r"[\s>*_]{0,8}([^\W\d][\w\s’'.\-]{0,24}?)[\s*_]{0,4}[:：][\s*_]{0,4}")

ORIGINAL = re.compile(
    rf"[\s>*]{{0,8}}[-_=*‐‑–—−]{{2,}}\s*(?:{_any_of('original')})\s*:?\s*(?:[-_=*‐‑–—−]*\s*\Z"
    # Some phones put the head of the quoted mail behind it, on the same line.
    r"|[-_=*‐‑–—−]{4,}\s*[^\W\d]\w{0,20}\s?:)",
    re.IGNORECASE,
)
FORWARDED = re.compile(
    rf"[\s>*]{{0,8}}(?:[-_=*‐‑–—−]{{2,}}\s*(?:{_any_of('forwarded')})\b.{{0,120}}"
    rf"|(?:{_any_of('forwarded')})\s*:)[-_=*–—\s]*\Z",
    re.IGNORECASE,
)
SENT_FROM = re.compile(rf"[\s*_\[<(]{{0,4}}(?:{_any_of('sent_from')})(?:\b|(?<=\W))", re.IGNORECASE)
# The device may stand before the words, as in German, Turkish, Japanese and Korean.
SENT_FROM_AT_END = re.compile(
    r"[\s*_\[<(]{0,4}(?:(?:von|vom|mit|via|über|diese nachricht wurde|diese e-?mail wurde|mobil|나의|내)\b.{0,60}?)?"
    r"(?:iphone|ipad|ipod|android|samsung|galaxy|huawei|xiaomi|blackberry|outlook|handy|smartphone"
    r"|telefon|tablet|mobile|mobil|app|unterwegs|mail)\S{0,14}\s*"
    r"(?:gesendet|gönderildi|から送信|에서 보냄|lähetetty|küldve|sent)\.?\s*\Z",
    re.IGNORECASE,
)

# What helpdesks write above the text they send, so that answers can be cut off exactly.
DELIMITER = re.compile(
    r"##-|[-#=*_ ]{2,}.{0,30}\b(?:reply|respond|answer|write|type|responda|escriba|escreva|répondre"
    r"|répondez|antworten|antwort|rispondi|scrivi|antwoord|beantwoord)\b.{0,30}\b(?:above|encima"
    r"|arriba|acima|dessus|oberhalb|über|sopra|boven)\b.{0,30}[-#=*_ ]{2,}\s*\Z",
    re.IGNORECASE,
)
DIVIDER = re.compile(r"[\s>*]{0,8}(?:[-_=‐‑–—−*]\s?){5,}\s*\Z")

# "See my answers below": they stand in the quoted mail, which nothing marks.
ANSWERS_BELOW = re.compile(
    r"\b(?:"
    r"(?:answers?|repl(?:y|ies)|comments?|responses?|answered|replied|responded|notes)\b[^.\n]{0,40}\b(?:below|in-?line|in (?:red|blue|green|bold|colou?r|caps)|between the lines)"
    r"|see (?:below|in-?line)\b"
    r"|(?:respuestas?|respondo|contesto|comentarios?|respondido)\b[^.\n]{0,40}\b(?:abajo|debajo|a continuación|en (?:rojo|azul|verde|negrita|color|mayúsculas)|entre líneas)"
    r"|(?:respostas?|respondo|comentários?|respondi)\b[^.\n]{0,40}\b(?:abaixo|a seguir|em (?:vermelho|azul|verde|negrito|cor)|entre linhas)"
    r"|(?:réponses?|réponds|répondu|commentaires?)\b[^.\n]{0,40}\b(?:ci-dessous|ci-après|plus bas|en (?:rouge|bleu|vert|gras|couleur)|dans (?:le|votre) (?:texte|mail|message|corps))"
    r"|(?:antworten?|antworte|beantwortet?|kommentare?|anmerkungen)\b[^.\n]{0,40}\b(?:unten|im text|in (?:rot|blau|grün|fett|farbe)|zwischen den zeilen|direkt im|inline)|siehe (?:unten|im text)"
    r"|(?:rispost[ae]|rispondo|risposto|comment[io])\b[^.\n]{0,40}\b(?:sotto|di seguito|in (?:rosso|blu|verde|grassetto)|nel testo)"
    r"|(?:antwoord(?:en)?|reacties?|opmerkingen|beantwoord)\b[^.\n]{0,40}\b(?:hieronder|in (?:rood|blauw|groen|vet)|in de tekst|tussen de regels)|zie (?:hieronder|onder)\b"
    r"|(?:vea|ver|véase|veja|vide|voir|vedi) (?:abajo|más abajo|abaixo|ci-dessous|plus bas|sotto)\b"
    r")",
    re.IGNORECASE,
)
