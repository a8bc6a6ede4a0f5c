"""Where the words end and the signature, the device's advertisement or the disclaimer begins."""

# ruff: noqa: E501 - a row of a table stays on its line

import re

from messaging.email.reply_markers import SENT_FROM, SENT_FROM_AT_END

_MAX_BARE_DASHES_LINES = 25
_MAX_SIGNATURE_LINES = 300
_MAX_LINE = 120
_DASHES = re.compile(r"(?:--|—|––|__)\s*\Z")
# "-Ann Other", not "- an item of a list".
_SIGNED_NAME = re.compile(r"[-–—]{1,2}[^\W\d_][\w.'’]+(?:\s[^\W\d_][\w.'’]*){1,3}\Z")
_LIST_RULE = re.compile(r"_{20,}\s*\Z")
_LIST_FOOTER = re.compile(
    r"mailing[- ]list|listinfo|to unsubscribe|unsubscribe from", re.IGNORECASE
)
_DEVICE = re.compile(
    r"iphon|ipad|ipod|android|mobile|mobil|phone|samsung|galaxy|huawei|xiaomi|nokia|motorola|moto"
    r"|htc|sony|xperia|oneplus|oppo|wiko|redmi|pixel|blackberry|outlook|mail|yahoo|gmail|proton"
    r"|tablet|handy|gerät|device|dispositivo|appareil|móvil|celular|téléphone|telefon|windows"
    r"|sparrow|thunderbird|smartphone",
    re.IGNORECASE,
)
# "Sent from my …" names anything; a short line that says nothing else is about a device.
_MINE = re.compile(r"\b(?:my|mi|meu|minha|mon|meinem|mio|mijn|min|моего|我的)\b", re.IGNORECASE)
_MAX_UNKNOWN_DEVICE = 45
_DISCLAIMER = re.compile(
    r"""[\s*_"'\[(]{0,6}(?:
      (?:(?:legal|confidentiality|privacy|important)\s+)?(?:disclaimer|notice|statement)\b\s*[:\n.-]
    | (?:the\s+)?(?:information\s+(?:contained\s+)?in\s+)?this\s+(?:e-?mail|message|communication|transmission)
      .{0,120}\b(?:confidential|privileged|intended\s+(?:only|solely|recipient|for)|virus|scanned)
    | please\s+consider\s+the\s+environment | think\s+before\s+you\s+print
    | virus-free\. | this\s+email\s+has\s+been\s+(?:checked|scanned)
    | (?:aviso\s+(?:legal|de\s+privacidad|de\s+confidencialidad(?:e)?)|nota\s+de\s+confidencialidad)
    | (?:este|esta)\s+(?:mensaje|correo|mensagem|e-?mail|comunicación|comunicação)
      .{0,160}\b(?:confiden[cz]|dirig|destinat[aá]ri)
    | (?:ce|cet)\s+(?:message|e-?mail|courriel|courrier).{0,160}\b(?:confidentiel|destinataire)
    | avis\s+de\s+confidentialité
    | diese\s+(?:e-?mail|nachricht|mail).{0,160}\b(?:vertraulich|bestimmt|empfänger)
    | (?:le\s+informazioni|questo\s+messaggio|questa\s+(?:e-?mail|comunicazione)|il\s+presente\s+messaggio)
      .{0,160}\b(?:riservat|confidenzial|destinatari)
    | (?:dit|deze)\s+(?:bericht|e-?mail|mail).{0,160}\b(?:vertrouwelijk|bestemd|geadresseerde)
    )""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)


def words_before_signature(lines: list[str]) -> int:
    """How many of `lines` are the sender's words; the signature and the like begin after them."""
    end = _without_trailing_blanks(lines, len(lines))
    for index in range(max(0, end - _MAX_SIGNATURE_LINES), end):
        if _begins_signature(lines, index, end):
            end = _without_trailing_blanks(lines, index)
            break
    end = _before_signed_name(lines, end)
    return _without_trailing_blanks(lines, end)


def _begins_signature(lines: list[str], index: int, end: int) -> bool:
    line = lines[index].strip()
    if not line:
        return False
    if line[:2] in {"--", "—", "––", "__"} and _DASHES.match(line):
        return _is_signature_rule(lines, index, end)
    starts_paragraph = index == 0 or not lines[index - 1].strip()
    if len(line) <= _MAX_LINE and is_sent_from(line):
        return starts_paragraph or index == end - 1
    if line[0] == "_" and _LIST_RULE.match(line):
        return bool(_LIST_FOOTER.search(" ".join(lines[index + 1 : index + 4])))
    if starts_paragraph and index:
        return bool(_DISCLAIMER.match(" ".join(lines[index : index + 4])[:600]))
    return False


def _is_signature_rule(lines: list[str], index: int, end: int) -> bool:
    """RFC 3676 wants "-- "; where the space is lost, a long rest is no signature but more words."""
    if lines[index] == "-- ":
        return True
    return sum(bool(line.strip()) for line in lines[index + 1 : end]) <= _MAX_BARE_DASHES_LINES


def is_sent_from(line: str) -> bool:
    """A line such as "Sent from my phone", in many languages."""
    if SENT_FROM_AT_END.search(line[-_MAX_LINE:]):
        return True
    if len(line) > _MAX_LINE or not SENT_FROM.match(line):
        return False
    is_unknown_device = len(line) <= _MAX_UNKNOWN_DEVICE and bool(_MINE.search(line))
    return is_unknown_device or bool(_DEVICE.search(line))


def _before_signed_name(lines: list[str], end: int) -> int:
    if end >= 2 and _SIGNED_NAME.match(lines[end - 1].strip()) and not lines[end - 2].strip():
        return end - 1
    return end


def _without_trailing_blanks(lines: list[str], end: int) -> int:
    while end and not lines[end - 1].strip():
        end -= 1
    return end
