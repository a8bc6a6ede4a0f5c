"""Paragraphs that no person wrote for this reader: legal notices, and what programs advertise.

What people say about secrecy, viruses or paper must stay among their words. So a paragraph has to
speak like a lawyer in two ways at once, to ask nothing, and to say neither "I" nor "my".
"""

# ruff: noqa: E501 - a row of a table stays on its line

import re

_MAX_CHARACTERS = 2_000

# The mail speaks of itself.
_THIS_MAIL = (
    r"\b(?:this|the|these)\s+(?:e-?mails?|message|communication|transmission|electronic\s+(?:mail|message)|correspondence|information|contents?)\b"
    r"|\b(?:este|esta|el|la|presente)\s+(?:mensaje|correo|e-?mail|comunicaci[oó]n|informaci[oó]n)\b"
    r"|\b(?:esta|este|a|as|o|presente)\s+(?:mensage[mn]s?|e-?mail|correio|comunicaç[ãa]o|informaç(?:ão|ões))\b"
    r"|\b(?:ce|cet|le|les|présent)\s+(?:message|e-?mail|mail|courriel|courrier|informations?)\b"
    r"|\b(?:diese[rs]?|der\s+inhalt)\s+(?:e-?mail|nachricht|mail|inhalt)\b|\bder\s+inhalt\s+diese"
    r"|\b(?:quest[oa]|il\s+presente|la\s+presente|le)\s+(?:messaggio|e-?mail|mail|comunicazione|posta|informazioni)\b"
    r"|\b(?:dit|deze|de)\s+(?:bericht|e-?mail(?:bericht)?|mail|informatie|inhoud)\b"
)
# It is secret.
_KEPT_QUIET = r"confiden[cztds]|privileged|proprietary\b|legally\s+protected|priva(?:te|da|do)\b|privilegiad|vertraulich|rechtlich\s+geschützt|riservat|confidenzial|vertrouwelijk|réservé|propriet[aà]ri"
# It is for one reader.
_READER = (
    r"intended\s+(?:only|solely|exclusively|recipient|for)|addressee|named\s+(?:person|recipient|addressee)|sole\s+use|person\s+named"
    r"|destinat[aá]ri[oa]|dirigid[oa]|destinad[ao]|destinataires?\b|destinés?\b|empfänger|adressat|bestimmt|destinatari|rivolte?\b|destinat[oe]\b|geadresseerde|bestemd|ontvanger"
)
# And woe to the others.
_WOE = (
    r"prohibit|unauthori[sz]ed|strictly|(?:notify|inform|contact)\s+(?:the|us|sender)|delete\s+(?:it|this)|disclos|distribut|dissemin|liab(?:le|ility)|views?\s+expressed|in\s+error"
    r"|prohibid|proibid|queda\s|elimin[ae]|notifi|divulga|reprodu[cç]|por\s+error|por\s+engano|interdit|supprim|expéditeur|par\s+erreur|unbefugt|untersagt|löschen|absender|irrtümlich|vietat|cancell|per\s+errore|mittente|verboden|verwijder|afzender|rechten\s+worden\s+ontleend|ten\s+onrechte|wissen|if\s+you\s+are\s+not|si\s+(?:no\s+es|usted\s+no|vous\s+n)|se\s+(?:não|você\s+não|non)|wenn\s+sie\s+nicht|indien\s+u\s+niet|sofern\s+sie\s+nicht"
)
# Personal data, by the law that is named.
_DATA_LAW = r"\b(?:RGPD|GDPR|LOPD\w*|LGPD|DSGVO|AVG|RODO)\b|2016/679|196/2003|15/1999|3/2018|13\.709|data\s+protection\s+(?:act|regulation)|protección\s+de\s+datos|proteção\s+de\s+dados|protection\s+des\s+données|datenschutz|protezione\s+dei\s+dati|gegevensbescherming"
_DATA = r"personal\s+data|datos|dados|données|daten\b|dati\b|gegevens|informazioni|\bdata\b"
_SIGNS = tuple(
    re.compile(sign, re.IGNORECASE) for sign in (_THIS_MAIL, _KEPT_QUIET, _READER, _WOE, _DATA_LAW)
)
_ABOUT_DATA = re.compile(_DATA, re.IGNORECASE)
_NAMED_LAW = _SIGNS[4]

_TITLE = re.compile(
    r"""[\s*_"'\[(]{0,6}(?:
      (?:legal|confidentiality|privacy|important|e-?mail|general)?\s*(?:disclaimer|confidentiality(?:\s+(?:notice|statement|note))|confidential)
    | (?:legal|privacy|important)\s+(?:notice|statement|note|information) | notice | important
    | aviso\s+(?:legal|de\s+privacidad|de\s+confidencialidade?|importante) | nota\s+(?:legal|de\s+confidencialidade?) | cláusula\s+de\s+confidencialidad
    | advertencia(?:\s+legal)? | avis(?:o)?\s+de\s+confidentialité | avertissement | mentions?\s+légales? | clause\s+de\s+confidentialité
    | haftungsausschluss | rechtlicher\s+hinweis | vertraulichkeitshinweis | hinweis | wichtiger\s+hinweis
    | avviso\s+(?:legale|di\s+riservatezza) | nota\s+di\s+riservatezza | avvertenza | informativa\s+(?:sulla\s+)?privacy
    | vertrouwelijkheid\w* | juridische\s+kennisgeving
    )[\s*_"'\])]{0,4}(?:[:.–—-]|\n|\Z)""",
    re.IGNORECASE | re.VERBOSE,
)
_PERSONAL = re.compile(
    r"\b(?:I|I'm|I've|I'd|my|mine|me|yo|mi|mis|eu|meu|minha|meus|minhas|je|mon|ma|mes|moi|ich|mein\w*|mir|mich|io|mio|mia|miei|ik|mijn|mij)\b|\bj'"
)
_ADVERTISED = re.compile(
    r"""[\s*_"'\[(]{0,6}(?:
      (?:please\s+)?(?:consider|think\s+(?:of|about))\s+the\s+environment | think\s+before\s+(?:you\s+)?print | save\s+(?:paper|a\s+tree)
    | (?:por\s+favor,?\s+)?(?:antes\s+de\s+imprimir|piense\s+en\s+el\s+medio|considere\s+el\s+medio|pense\s+no\s+meio)
    | (?:merci\s+de\s+penser|pense[zr]|avant\s+d['’]imprimer|n['’]imprimez).{0,60}(?:environnement|imprim|message|e-?mail|nécessaire)
    | (?:bitte\s+)?(?:denken\s+sie\s+an\s+die\s+umwelt|der\s+umwelt\s+zuliebe|bevor\s+sie\s+diese.{0,20}druck)
    | (?:per\s+favore,?\s+)?(?:prima\s+di\s+stampare|rispett\w{1,2}\s+l['’]ambiente|pensa\s+all['’]ambiente)
    | (?:denk|spaar)\s+(?:aan\s+)?het\s+milieu
    | (?:virus-?free|libre\s+de\s+virus|livre\s+de\s+v[ií]rus|sem\s+v[ií]rus|garanti\s+sans\s+virus|sans\s+virus|virenfrei|privo\s+di\s+virus|virusvrij)\s*\W{0,2}\s*(?:www\.|\(?https?:|\[|<|avast|avg|\Z)
    )""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)  # fmt: skip

# "This mail was checked by …": all three within the first words.
_CHECKED = tuple(
    re.compile(sign, re.IGNORECASE)
    for sign in (
        r"\b(?:e-?mail(?:bericht)?|message|correo|mensagem|mensaje|nachricht|courrier|courriel|mail|bericht|messaggio)\b",
        r"\b(?:check|scan|comprobad|analizad|analisad|verificad|geprüft|vérifi|controllat|gecontroleerd|gescand)",
        r"\b(?:avast|avg|antivir|antivír|mailscanner|kaspersky|eset|norton|mcafee|sophos|bitdefender|forcepoint|symantec|messagelabs|mimecast|virus|viren|vírus)",
    )
)
_MAX_CHECKED = 220


def is_disclaimer(lines: list[str], start: int, end: int) -> bool:
    """Whether a legal notice or a program's advertisement begins with the line `start`."""
    paragraph = _paragraph(lines, start, end)
    if "?" in paragraph or "¿" in paragraph or _PERSONAL.search(paragraph):
        return False
    if _ADVERTISED.match(paragraph) or _is_checked(paragraph):
        return True
    title = _TITLE.match(paragraph)
    if title and len(paragraph) <= title.end() + 2:
        # The title stands alone; its paragraph follows.
        following = _next_paragraph(lines, start, end)
        return _signs(following) >= 1 and "?" not in following and not _PERSONAL.search(following)
    return _signs(paragraph) + bool(title) >= 2


def _is_checked(paragraph: str) -> bool:
    return len(paragraph) <= _MAX_CHECKED and all(sign.search(paragraph) for sign in _CHECKED)


def _signs(paragraph: str) -> int:
    found = sum(bool(sign.search(paragraph)) for sign in _SIGNS)
    return found + bool(_NAMED_LAW.search(paragraph) and _ABOUT_DATA.search(paragraph))


def _paragraph(lines: list[str], start: int, end: int) -> str:
    taken: list[str] = []
    size = 0
    for line in lines[start:end]:
        if not line.strip() or size > _MAX_CHARACTERS:
            break
        taken.append(line[:_MAX_CHARACTERS])
        size += len(line)
    return "\n".join(taken)


def _next_paragraph(lines: list[str], start: int, end: int) -> str:
    after = start + 1
    while after < min(end, start + 4) and not lines[after].strip():
        after += 1
    return _paragraph(lines, after, end)
