"""Limits on the REST API, counted in the shared cache so that all web processes agree."""

from rest_framework.throttling import SimpleRateThrottle


class ApiThrottle(SimpleRateThrottle):
    scope = "api"

    def get_cache_key(self, request, view):  # type: ignore[no-untyped-def]
        who = request.user.pk if request.user.is_authenticated else self.get_ident(request)
        return self.cache_format % {"scope": self.scope, "ident": who}
