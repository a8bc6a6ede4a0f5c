"""How the OpenAPI document describes the token sign-in.

Apart from the authentication class itself: drf-spectacular's extensions load the API settings,
which load that class.
"""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "accounts.api_authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token hd_…`: make one at /accounts/tokens/.",
        }
