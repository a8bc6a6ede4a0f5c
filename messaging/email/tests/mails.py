"""Small mails for the tests of the parser, as bytes."""

HEAD = {
    "From": "Ana Silva <ana@example.com>",
    "To": "Help <help@example.org>",
    "Subject": "Hello",
    "Message-ID": "<1@example.com>",
    "Date": "Mon, 2 Apr 2040 17:44:22 +0400",
}


def mail(body: str | bytes = "Hi", **headers: str | None) -> bytes:
    """A mail with the usual headers; `content_type="text/html"` sets or, as None, drops one."""
    named = {name.replace("_", "-").title(): value for name, value in headers.items()}
    head = {name.title(): value for name, value in HEAD.items()} | named
    lines = [f"{name}: {value}\r\n".encode() for name, value in head.items() if value is not None]
    content = body.encode() if isinstance(body, str) else body
    return b"".join(lines) + b"\r\n" + content


def multipart(*parts: str | bytes, kind: str = "mixed", **headers: str | None) -> bytes:
    """A mail of parts, each written with its own headers and a blank line."""
    return mail(sections(*parts), content_type=f'multipart/{kind}; boundary="edge"', **headers)


def sections(*parts: str | bytes, boundary: str = "edge") -> bytes:
    edge = f"--{boundary}".encode()
    written = [part.encode() if isinstance(part, str) else part for part in parts]
    return b"".join(edge + b"\r\n" + part + b"\r\n" for part in written) + edge + b"--\r\n"
