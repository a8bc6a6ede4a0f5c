"""A provider for tests: gives leave, tokens and refusals as Google and Microsoft do (RFC 6749)."""

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit


class Provider:
    """Codes, refresh tokens and access tokens that are good, by whom they are for.

    `refusal` is answered in place of tokens; `lasts` is told as the life of an access token.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.codes: dict[str, dict[str, str]] = {}
        self.refresh: dict[str, str] = {}
        self.access: dict[str, str] = {}
        self.asked: list[dict[str, str]] = []
        self.refusal: dict[str, str] = {}
        self.lasts = 3600

    def consent(self, authorize_url: str, user: str) -> str:
        """The person says yes: the address they are sent back to."""
        asked = dict(parse_qsl(urlsplit(authorize_url).query))
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_hex(8)
        self.codes[code] = {**asked, "user": user}
        answer = urlencode({"code": code, "state": asked["state"]})
        return f"{asked['redirect_uri']}?{answer}"

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, object]]:
        self.asked.append(form)
        if self.refusal:
            return 400, dict(self.refusal)
        if form.get("client_secret") != "client-secret":
            return 401, {"error": "invalid_client"}
        user = self._who(form)
        if not user:
            return 400, {"error": "invalid_grant", "error_description": "Bad token"}
        access, refresh = f"at-{secrets.token_hex(8)}", f"rt-{secrets.token_hex(8)}"
        self.access[access], self.refresh[refresh] = user, user
        return 200, {
            "access_token": access,
            "refresh_token": refresh,
            "token_type": "Bearer",
            "expires_in": self.lasts,
        }

    def _who(self, form: dict[str, str]) -> str:
        if form["grant_type"] == "refresh_token":
            return self.refresh.get(form["refresh_token"], "")
        begun = self.codes.pop(form["code"], None)
        if begun is None or begun["redirect_uri"] != form["redirect_uri"]:
            return ""
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        return begun["user"] if challenge == begun["code_challenge"] else ""


@contextmanager
def oauth_provider() -> Iterator[Provider]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.provider = Provider(f"http://127.0.0.1:{server.server_port}")  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.provider  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self._answer(*self.server.provider.token(form))  # type: ignore[attr-defined]

    def do_GET(self) -> None:
        token = dict(parse_qsl(urlsplit(self.path).query)).get("access_token", "")
        user = self.server.provider.access.get(token)  # type: ignore[attr-defined]
        self._answer(200 if user else 401, {"email": user} if user else {"error": "invalid_token"})

    def _answer(self, status: int, content: dict[str, object]) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""
