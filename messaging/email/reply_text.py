"""The words of this mail, apart from what it quotes."""


def split_reply(text: str, html: str = "") -> tuple[str, str]:
    return text, ""
