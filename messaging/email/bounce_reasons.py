"""Did a mail fail for good? Not the code decides but what it stands for.

For good means: the address does not exist, or its domain takes no mail. A full mailbox, a closed
account, a blocked sender, a refused content or a policy may be different tomorrow, whatever code
the server chose; many answer 550 5.1.1 to everything they do not like.
"""

# ruff: noqa: E501 - a row of a table stays on its line

import re

# One line for each thing that passes: full, too big, closed, sender or content refused, network.
_PASSES = (
    r"(?:mail|in)?box(?: is| has)?(?: almost)? (?:full|exceeded)|over[ -]?quota|quota (?:is )?(?:full|exceed)|exceed\w* .{0,40}(?:quota|limit|storage|size)",
    r"(?:out of|not enough|insufficient|no) (?:storage|disk|space)|storage (?:space|limit)|mailbox size|disk (?:full|quota)|maildir .{0,20}over|mailfolder is full",
    r"too (?:big|large|many|fast|much|often)|larger than|size limit|maximum (?:size|number|hop)|hop count|mail loop|routing loop|loop(?:ing|s)? (?:detected|back)",
    r"(?:account|user|mailbox|recipient|address)\b.{0,60}\b(?:disabled|inactive|suspend|frozen|blocked|locked|on hold|deactivated|not active|expired|closed temporarily)",
    r"\b(?:disabled|inactive|suspended|frozen|locked|on hold|deactivated) (?:account|user|mailbox|recipient|address)|vacation disabled|bloqu[eé]|gesperrt|sospes[oa]",
    r"\bspam|\bube\b|\bbulk mail|unsolicited|junk|phish|virus|malware|content (?:is )?(?:reject|den|not)|(?:message|content|attachment)\b.{0,30}\b(?:rejected|refused|blocked|denied|forbidden)",
    r"(?<!may be )black ?list|block ?list|\brbl\b|dnsbl|spamhaus|spamcop|barracuda|reputation|(?<!not )listed (?:in|at|on|by)|banned|poor senderbase|refus[ée]",
    r"(?:sender|client|host|ip|connection|server|domain|network|mail from)\b.{0,50}\b(?:reject|denied|blocked|refused|not allowed|not accepted|not permitted|forbidden|banned|limited|verify failed|unauthorized)",
    r"(?:access|relay(?:ing)?|permission|service)\b.{0,30}\b(?:den|reject|not allowed|prohibit|refus|unavailable)|not permitted|unauthori[sz]ed|authenticat|not (?:allowed|authorized|accepted) to|autoris|autorizad|berechtig|no access from",
    r"\bspf\b|dmarc|dkim|sender id|purported responsible|reverse dns|\bptr\b|rdns|helo|ehlo|mismatches client|fix your dns|sender (?:address|domain|verification)",
    r"policy|polic[ií]es|preferences|administrat\w+ prohibit|prohibit|violat|restrict|moderat|only (?:accept|members|subscribers)|not a member|must be (?:a )?(?:member|subscri)|permission to post",
    r"(?:try|retry|come back|please) (?:again )?later|temporar|time limit|grey-?list|rate[ -]?limit|frequency limit|throttl|resources? (?:un|temp)|over(?:load|whelm)",
    r"connection (?:refused|lost|dropped|was dropped|died)|network (?:error|unreachable)|no route to host|could not connect|expired|in the queue too long|too long in (?:the )?queue|retry time|malformed or unexpected",
    r"command (?:unrecognized|not (?:implemented|recognized))|syntax error|improper sequence|bad sequence|protocol error|starttls|certificate|encrypt|\btls\b",
    r"system (?:error|config|problem|failure)|internal (?:server )?error|local (?:error|configuration)|mailer error|delivery agent|pipe to|(?:can|could)(?:no|n')t create|procmail|cannot (?:open|create|write)|operation not permitted",
    r"not rfc|rfc ?\d{3,4} (?:comp|viol)|non-?compliant|header (?:error|missing)|duplicate(?:d)? (?:header|message)|7-?bit|8-?bit|bare (?:lf|cr)|mime|smtputf8",
    r"容量|満杯|いっぱい|переполнен|заполнен|превышен|voll\b|pleine|llen[oa]\b|cheia|piena|zbyt du|quota d[ée]pass",
)  # fmt: skip

# One line for each way of saying that there is no such address.
_NO_USER = (
    r"(?:user|recipient|address|account|mailbox|addressee|alias|person|name|customer|subscriber|destination|userid|login|local part)\w*\b[^.;]{0,60}\b(?:unknown|invalid|does ?n[o']t exist|not (?:exist|found|listed|known|recogni[sz]ed|valid|a valid)|no longer|non-?exist|not our|unrouteable|unroutable|not local|could ?n[o']t be found)",
    r"(?:unknown|invalid|no such|bad|non-?existent|nonexistent|not our|unrouteable|unroutable|undeliverable|no valid|incorrect) (?:local |final |delivery |e-?mail |destination |recipient'?s? )*(?:user|recipient|address|account|mailbox|addressee|alias|person|local part|destination)",
    r"(?:no|not a) (?:such |known |valid )?(?:mailbox|user|account|recipient|person|address) (?:here|by that name|with that|found|exists|at|in this|named|on)|no mailbox (?:here|found|by)|does ?n[o']t have an? .{0,40}account",
    r"recip(?:ient)?not(?:found|listed|unique)?\b|recipnotfound|recipientnotfound|nosuchuser|user ?not ?found|user ?unknown|address not found|mailbox (?:not found|does not exist|unavailable)|address (?:is )?(?:not |in)valid|address (?:does not|is no longer|no longer)",
    r"has moved|no longer (?:on|at|with|works|valid|in use|available)|left the company|new address|closed permanently|account (?:has been )?(?:closed|deleted|removed|terminated)|address rejected\W*\Z",
    r"adress[ae]? .{0,60}(?:invalid|inconnu|inexist|existiert nicht|unbekannt)|destinataire (?:inconnu|invalide)|utilisateur inconnu|empfänger (?:unbekannt|existiert nicht)|benutzer (?:unbekannt|existiert nicht)|usuario (?:desconocido|inexistente|no existe)|usuário (?:desconhecido|inexistente)|destinatario (?:sconosciuto|inesistente)|utente sconosciuto|gebruiker onbekend",
    r"(?:メールアドレス|あて先|宛先|ユーザ\S{0,2})\S{0,12}(?:見つから|存在し|不明|誤り)|такой (?:пользователь|адрес)|пользователь не найден|несуществующ|no existe|não existe|n'existe pas|existiert nicht|用户不存在|收件人不存在",
)  # fmt: skip

# And that nothing takes mail for its domain.
_NO_HOST = (
    r"(?:host|domain|mail server|server|mx record)\w*\b[^.;]{0,40}\b(?:unknown|not found|does ?n[o']t exist|not exist|not reachable|does ?n[o']t (?:accept|receive)|does not accept|invalid|could ?n[o']t be found|not valid)",
    r"(?:unknown|no such|invalid|non-?existent) (?:host|domain|server)|could ?n[o']t find any host|could ?n[o']t find a mail exchanger|no mx (?:record|host)|null ?mx|name or service not known|name service error|illegal host/domain|nxdomain|all relevant mx records point|no smtp service",
)  # fmt: skip

PASSES = re.compile("|".join(f"(?:{line})" for line in _PASSES), re.IGNORECASE)
NO_USER = re.compile("|".join(f"(?:{line})" for line in _NO_USER), re.IGNORECASE)
NO_HOST = re.compile("|".join(f"(?:{line})" for line in _NO_HOST), re.IGNORECASE)

# RFC 3463: bad mailbox, bad system, bad syntax, moved, and the null MX of RFC 7505.
_GONE_STATUS = re.compile(r"[45]\.1\.(?:1|2|3|6|10)\Z|5\.4\.4\Z")
_MAX_WORDS = 1_500
# Addresses, links and names of hosts say nothing, whatever words they are made of.
_NAMES = re.compile(r"[^\s<>()\[\]\"':;,]{1,100}@[^\s<>()\[\]\"':;,]{1,200}|https?://\S{1,300}")
_REPLY = re.compile(r"(?:^|[\s;:<'\"#])([45]\d\d|5\.\d\.\d{1,2})[ \-:,]")
# A server that says so much knows what it says: "5.1.0", "5.2.1", but not "5.0.0".
_PRECISE_STATUS = re.compile(r"5\.1\.|5\.[1-7]\.[1-9]")
_REPLY_LENGTH = 350
_CERTAIN = re.compile(r"does ?n[o']t have an? \S{1,60} account", re.IGNORECASE)
# A server that repeats the address and a colon answers to the command that named it.
_RECIPIENT_STAGE = re.compile(
    r"<>: |\brcpt\b|recipient address rejected|\[rcpt_to\]|rcpt_to", re.IGNORECASE
)
_CONTENT_STAGE = re.compile(
    r">>> ?(?:DATA|\.)(?:\s|$)|end of data|\bDATA command|final DATA|command DATA|after DATA"
    r"|TEXT command|BDAT",
    re.IGNORECASE,
)


def is_permanent(status: str, diagnostic: str, told: str = "") -> bool:
    """Whether words and code say that the address is gone. In doubt it is not.

    `diagnostic` is what the last server answered, `told` what is said around it. A server that took
    the recipient and then refuses the content often calls the user unknown, though it is not.
    """
    words = _NAMES.sub("", diagnostic[:_MAX_WORDS])
    reply = _reply_in(words)
    is_named_gone = bool(_GONE_STATUS.match(status))
    if (status.startswith("4.") or reply.startswith("4")) and not is_named_gone:
        return False
    for part in (reply, words, told[:_MAX_WORDS]):
        if PASSES.search(part):
            return False
        if _CERTAIN.search(part):
            return True
        if NO_HOST.search(part):
            return not _CONTENT_STAGE.search(words)
        if NO_USER.search(part):
            is_certain = is_named_gone or bool(_PRECISE_STATUS.match(status)) or not reply
            return is_certain or _was_recipient_refused(words, told)
    return is_named_gone


def _reply_in(words: str) -> str:
    match = _REPLY.search(words)
    return words[match.start(1) : match.start(1) + _REPLY_LENGTH] if match else ""


def _was_recipient_refused(words: str, told: str) -> bool:
    is_said = _RECIPIENT_STAGE.search(f"{words} {told}")
    return bool(is_said) and not _CONTENT_STAGE.search(words)
