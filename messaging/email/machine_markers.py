"""By what words machines give themselves away; one line for each language or kind of program."""

# ruff: noqa: E501 - a row of a table stays on its line

import re

# Local parts and names of senders that are programs which carry mail.
DAEMON = re.compile(
    r"\b(?:mailer[-_. ]?daemon|mail[-_. ]?deliver(?:y|er)?[-_. ]?(?:sub)?system|post_?master"
    r"|double-bounce|poostmaster|mail[-_. ]?delivery|mdaemon|mail administrator"
    r"|system administrator|mail[-_ ]?daemon|ndr administrator)\b",
    re.IGNORECASE,
)

_BOUNCE_SUBJECTS = (
    # English, by several programs
    r"undeliver(?:ed|able)\b|deliver(?:y|ing)\b.{0,60}\b(?:fail|status|error|delay|notification|problem|incomplete)",
    r"(?:fail(?:ed|ure)|error|problem|warning)\b.{0,40}\b(?:notice|deliver|notification|sending your|mail)",
    r"returned (?:mail|to sender|e-?mail)|returned message|returning (?:message )?to sender",
    r"mail (?:system )?(?:error|failure|failed|delayed)|(?:message|mail|e-?mail)\b.{0,40}\b(?:could|can) ?no[t'].{0,20}deliver",
    r"(?:message|mail)\b.{0,60}\b(?:delayed|deferred|has failed|not delivered)|non[- ]?delivery|ndn:|loop alert",
    r"error sending your mail|errors from \S+|could not send message|user unknown|mailbox (?:full|unavailable)",
    r"there was an error sending|message status - undeliverable|permanent error|bounced mail|mail bounce",
    # es, pt, ca
    r"no (?:se )?(?:ha podido|pudo|se pudo) (?:ser )?entreg|no entregado|no entregable|devuelto al remitente"
    r"|error de entrega|fallo (?:en la|de) entrega|notificación (?:de estado|sobre el estado) de (?:la )?entrega"
    r"|mensaje no entregado|error en la entrega|sin entregar",
    r"não (?:foi )?(?:pôde ser )?entregue|não entregue|falha (?:na|de) entrega|devolvid[ao] ao remetente"
    r"|notificação (?:do|de|sobre o) (?:estado|status)|mensagem não entregue|não é possível entregar",
    # fr
    r"non[- ](?:remis|distribu|livré|délivr)|échec (?:de|d'|de la )(?:remise|livraison|envoi|distribution)"
    r"|retour(?:né)? à l.expéditeur|notification (?:d'état|de l'état) de (?:la )?remise|n'a pas (?:pu être|été) (?:remis|distribué|délivré)",
    # de
    r"unzustellbar|nicht zugestellt|zustellung.{0,20}(?:fehlgeschlagen|fehler|status|verzögert)"
    r"|unzustellbarkeit|fehler bei der (?:zustellung|übermittlung)|konnte nicht (?:zugestellt|gesendet)|zustellfehler",
    # it, nl
    r"(?:mancato|mancata|impossibile) (?:recapito|consegna|recapitare|consegnare)|non recapitabile|errore di (?:consegna|recapito)"
    r"|notifica (?:sullo stato|dello stato) (?:della|di) (?:consegna|recapito)|messaggio non (?:recapitato|consegnato)",
    r"onbestelbaar|niet (?:bezorgd|afgeleverd|besteld)|bezorging (?:mislukt|vertraagd)|kon niet worden (?:bezorgd|afgeleverd)",
    # nordic, pl, cs, ru, tr, ja, zh, ko
    r"kan ikke leveres|ikke leveret|ikke levert|kunde inte levereras|olevererbar|ej levererat|ei voitu toimittaa",
    r"nie (?:można|dostarczono|doręczono)|niedostarczon|nedoručiteln|nelze doručit|kézbesíthetetlen|teslim edilemedi",
    r"не (?:доставлено|может быть доставлено|удалось доставить)|недоставлен|ошибка доставки|невозможно доставить",
    r"配信(?:できません|不能|エラー|失敗)|配送(?:できません|エラー)|送信(?:できません|エラー)|メールエラー|不達|エラーメール",
    r"(?:系统)?退信|投递失败|無法(?:傳遞|傳送|投遞)|无法(?:投递|送达|传递)|未送达|배달(?:되지|할 수 없| 실패)|반송|전송 실패",
)
BOUNCE_SUBJECT = re.compile("|".join(f"(?:{line})" for line in _BOUNCE_SUBJECTS), re.IGNORECASE)

BOUNCE_TEXT = re.compile(
    r"(?:could|can) ?not be (?:delivered|sent)|couldn't be delivered|was not delivered|delivery (?:has )?failed"
    r"|(?:failed|unable|not able|undeliverable) to (?:deliver|the following|recipient|relay|transmit)"
    r"|did not reach the following|following (?:address|recipient)\S* (?:had|have|failed|has)"
    r"|permanent (?:fatal )?error|returned (?:below|to you|to sender)|returning message|transcript of session"
    r"|user unknown|unknown user|no such user|mailbox (?:is )?(?:full|unavailable)|delivery status notification"
    r"|message that you sent|delivery to the following|this is a permanent|non-delivery|delivery attempt"
    r"|is returned to|I wasn't able to deliver|reasons? for (?:the )?(?:failure|return)|undeliverable"
    r"|unable to deliver|delivery failure|has been delayed|not yet been delivered|still trying|will be retried"
    r"|不達|配信でき|送信でき|届けることができ|エラーが発生|недоставлен|не доставлено|konnte nicht|não foi entregue|no se pudo",
    re.IGNORECASE,
)

DELAY = re.compile(
    r"\b(?:delay(?:ed)?|deferred|warning|could not send message for)\b|still trying|will be retried"
    r"|not yet been delivered|verzögert|retard[ée]|retrasad|atrasad|vertraagd|in ritardo",
    re.IGNORECASE,
)

_AUTO_SUBJECTS = (
    r"(?:automatic|auto|automated)[- ]?(?:reply|response|answer|responder)|autoreply|auto:\s|out of (?:the )?office"
    r"|out-of-office|ooo:|away from (?:the |my )?(?:office|mail|desk)|on (?:vacation|holiday|leave)\b|vacation (?:reply|message|response)"
    r"|away until|i am away|i'm away|currently away|absence (?:notice|notification)",
    r"respuesta autom[áa]tica|auto-?respuesta|fuera de la oficina|ausente de la oficina|ausencia temporal|contestador autom",
    r"resposta autom[áa]tica|fora do escrit[óo]rio|ausência (?:temporária|do escritório)|ausente do escritório|estou ausente|resposta de ausência",
    r"réponse automatique|absen(?:ce|t)\s*(?:du bureau|:)|absence du bureau|je suis absent|message d'absence|en congé",
    r"automatische (?:antwort|e-?mail|rückantwort|nachricht)|abwesenheits?(?:notiz|nachricht|meldung|assistent)|abwesend\b|nicht im (?:büro|hause)",
    r"risposta automatica|fuori (?:sede|ufficio)|assente dall.ufficio|sono assente|assenza dall",
    r"automatisch (?:antwoord|bericht|antwoorden)|afwezig(?:heids)?(?:bericht|melding|\b)|niet aanwezig|buiten kantoor",
    r"automatisk svar|autosvar|automatiskt svar|frånvaro|fraværs|ikke på kontoret|ikke til stede|automaattinen vastaus|poissa|poissaolo",
    r"automatyczna odpowiedź|odpowiedź automatyczna|autoodpowiedź|poza biurem|nieobecn|automatická odpov[ěe]|mimo kancel|nepřítomn|automatikus válasz|házon kívül",
    r"răspuns automat|otomatik (?:yanıt|cevap)|ofis dışında|αυτόματη απάντηση|εκτός γραφείου|automatski odgovor|samodejni odgovor",
    r"автоматический ответ|автоответ|вне офиса|автоматична відповідь|автоматичен отговор",
    r"自動(?:応答|返信|回覆|答复)|自动(?:回复|答复)|不在(?:通知|のお知らせ|届)|外出中|自动应答|不在办公室|자동 (?:응답|회신)|부재중",
    r"trả lời tự động|balasan otomatis|jawapan automatik|رد تلقائي|الرد التلقائي|תשובה אוטומטית|מענה אוטומטי",
)
# What may follow the words: the subject that is answered, a date, or nothing.
_FOLLOWED = (
    r"(?=\s*(?:\Z|[^\w\s'’]|(?:re|aw|res|rv|tr|sv|r|antw|wg|fwd?)\s*:|\d"
    r"|(?:until|till|from|by|vom|bis|du|jusqu|hasta|del|dal|fino|até|van|tot|message|notification)\b))"
)
# At the start only: a person's answer to such a mail begins with "Re:".
AUTO_SUBJECT = re.compile(
    r"\s*(?:\[[^\]]{1,40}\]\s*)?\[?(?:(?:"
    + "|".join(f"(?:{line})" for line in _AUTO_SUBJECTS[:-4])
    + r")"
    + _FOLLOWED
    + r"|"
    + "|".join(f"(?:{line})" for line in _AUTO_SUBJECTS[-4:])
    + ")",
    re.IGNORECASE,
)
# Words of holidays and absence, which people use as well.
_ABSENCES = (
    r"(?:on |i(?:'m| am) (?:on |currently on )?)?(?:annual leave|vacation|holidays?|leave|away|parental leave|maternity leave)",
    r"(?:estoy )?(?:de |en )?(?:vacaciones|ausente|ausencia|baja(?: m[eé]dica)?|permiso)|fuera de (?:la )?oficina",
    r"(?:estou )?(?:de |em )?(?:férias|ferias|ausente|ausência|licença)|fora do escrit[óo]rio",
    r"(?:je suis )?(?:en )?(?:cong[eé]s?(?: maternité)?|vacances|absente?|absence)(?:\(e\))?(?: du bureau)?",
    r"(?:ich bin )?(?:im |in )?(?:urlaub|abwesend|abwesenheit|elternzeit|außer haus)",
    r"(?:sono )?(?:in )?(?:ferie|vacanza|assenza|assente|congedo)",
    r"(?:ik ben )?(?:met |op )?(?:vakantie|afwezig(?:heid)?|verlof)|niet op kantoor",
)
ABSENCE_SUBJECT = re.compile(
    r"\s*(?:"
    + "|".join(f"(?:{line})" for line in _ABSENCES)
    + r")\s*(?:\Z|[:：\-–—]?\s*(?P<answered>(?:re|aw|res|rv|tr|sv|r|antw|wg)\s*:)|[:：]\s)",
    re.IGNORECASE,
)
# Somebody answers or passes on a bounce.
ANSWERED = re.compile(r"\s*(?:re|aw|res|rv|tr|sv|r|antw|wg|fwd?|enc|i|doorst)\s*:", re.IGNORECASE)
# What servers say to each other, which no person writes of their own accord.
TRANSCRIPT = re.compile(
    r"\b[45]\d\d[ -][45]\.\d{1,3}\.\d{1,3}\b|\b5\d\d[ :-]{1,3}[a-z<]|\b[45]\.\d\.\d{1,3}\b|\brcpt to\b"
    r"|permanent error|permanent fatal error|this is the (?:qmail|mail|postfix|mta)|mail (?:delivery|transport) (?:system|agent|software|subsystem)"
    r"|original message (?:headers|follows|is)|copy of (?:the|your) (?:message|mail)|(?:message-id|received):\s",
    re.IGNORECASE,
)

# Headers that only machines set; a value of None means: whatever it says.
AUTO_HEADERS: tuple[tuple[str, re.Pattern[str] | None], ...] = (
    ("auto-submitted", re.compile(r"\A(?!no\b)\S", re.IGNORECASE)),
    ("x-autoreply", None),
    ("x-autoreply-from", None),
    ("x-autoreply-domain", None),
    ("x-autorespond", None),
    ("x-autoresponder", None),
    ("x-auto-reply", None),
    ("x-mail-autoreply", None),
    ("x-amazon-auto-reply", None),
    ("x-cron-env", None),
    ("x-fc-machinegenerated", re.compile("true", re.IGNORECASE)),
    ("x-post-messageclass", re.compile("autoresponder", re.IGNORECASE)),
    ("x-autogenerated", re.compile("reply", re.IGNORECASE)),
    ("delivered-to", re.compile("autoresponder", re.IGNORECASE)),
    ("precedence", re.compile(r"\s*auto[-_]?reply", re.IGNORECASE)),
    ("x-precedence", re.compile(r"\s*auto[-_]?reply", re.IGNORECASE)),
    ("x-ms-exchange-generated-message-source", re.compile("mailbox rules agent|antispam", re.I)),
    ("preference", re.compile("auto_reply", re.IGNORECASE)),
)
ALERT_HEADERS = frozenset({"auto-submitted", "x-cron-env", "x-fc-machinegenerated"})
"""Those among them that alerts carry too; the others are only in answers."""
LIST_HEADERS = ("list-id", "list-post", "list-unsubscribe", "mailing-list", "x-mailing-list")
BULK = re.compile(r"\s*(?:bulk|list|junk)", re.IGNORECASE)

READ_RECEIPT_SUBJECT = re.compile(
    r"\s*(?:read(?::|\s+receipt|\s+notification)|not read:|gelesen:|ungelesen:|lu\s?:|non lu\s?:|leído:|no leído:"
    r"|lida:|não lida:|letto:|non letto:|gelezen:|niet gelezen:|läst:|læst:|lest:|przeczytano:|přečteno:"
    r"|прочитано:|開封済み|已读|읽음"
    r"|return receipt \(|disposition notification|(?:accusé|confirmation) de lecture|confirmaci[óo]n de lectura"
    r"|conferma di lettura|lesebest[äa]tigung|leesbevestiging|confirmação de leitura|recibo de leitura)",
    re.IGNORECASE,
)
COMPLAINT_SUBJECT = re.compile(
    r"complaint about message from|(?:email )?(?:abuse|feedback) report(?: for)?\b|spam complaint|fbl complaint",
    re.IGNORECASE,
)
