"""Words as they are indexed and looked up: folded, and stemmed in the three languages.

The index holds each word folded (lower case, no accents) and its stem in the ticket's language;
a query looks for the word or any of its stems. SQLite answers by FTS5, PostgreSQL by a GIN index
on `to_tsvector('simple', …)`: both find the same rows.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache

import snowballstemmer
from django.db import connections
from django.db.models import BooleanField, F, Func, QuerySet, Value
from django.db.models.expressions import RawSQL

from helpdesk.lib.text import WORD, fold
from tickets.models import Message

LANGUAGES = {"en": "english", "es": "spanish", "pt-br": "portuguese"}
INDEXED_CHARACTERS = 20_000
QUERY_WORDS = 12
_STEMMERS = {code: snowballstemmer.stemmer(name) for code, name in LANGUAGES.items()}


@lru_cache(maxsize=65_536)
def stem(word: str, language: str) -> str:
    """The folded stem of a folded word, or "" for a language we do not stem."""
    stemmer = _STEMMERS.get(language)
    return fold(stemmer.stemWord(word)) if stemmer else ""


def searchable(*texts: str, language: str = "") -> str:
    """The words of some texts as they go into the index: each once, with its stem."""
    folded = fold(" ".join(texts)[:INDEXED_CHARACTERS])
    words = dict.fromkeys(word[:60] for word in WORD.findall(folded))
    stems = (stem(word, language) for word in tuple(words))
    return " ".join(dict.fromkeys((*words, *filter(None, stems))))


def query_words(query: str) -> list[tuple[str, ...]]:
    """For each word asked for: the word and its stems, any of which will do."""
    words = list(dict.fromkeys(WORD.findall(fold(query))))[:QUERY_WORDS]
    return [
        tuple(dict.fromkeys(w for w in (word, *(stem(word, code) for code in LANGUAGES)) if w))
        for word in words
    ]


def messages_with(query: str) -> QuerySet[Message]:
    """Messages that hold every word of the query; the last word may be a beginning."""
    words = query_words(query)
    if not words:
        return Message.objects.none()
    return _FINDERS[connections["default"].vendor](words)


def _in_sqlite(words: list[tuple[str, ...]]) -> QuerySet[Message]:
    groups = [" OR ".join(f'"{form}"' for form in forms) for forms in words]
    groups[-1] += f' OR "{words[-1][0]}"*'
    wanted = " AND ".join(f"({group})" for group in groups)
    select = "SELECT rowid FROM tickets_message_search WHERE tickets_message_search MATCH %s"
    return Message.objects.filter(pk__in=RawSQL(select, [wanted]))


def _in_postgresql(words: list[tuple[str, ...]]) -> QuerySet[Message]:
    groups = [" | ".join(forms) for forms in words]
    groups[-1] += f" | {words[-1][0]}:*"
    wanted = " & ".join(f"({group})" for group in groups)
    return Message.objects.filter(_Matches(F("search_text"), Value(wanted)))


class _Matches(Func):
    """The condition as the index of migration 0002 has it: another spelling would not use it."""

    template = "to_tsvector('simple', %(expressions)s)"
    arg_joiner = ") @@ to_tsquery('simple', "
    output_field = BooleanField()


_FINDERS: Mapping[str, Callable[[list[tuple[str, ...]]], QuerySet[Message]]] = {
    "sqlite": _in_sqlite,
    "postgresql": _in_postgresql,
}
