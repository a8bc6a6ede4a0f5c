"""Words as they are indexed and looked up: folded, and stemmed in the three languages.

The index holds each word folded (lower case, no accents) and its stem in the ticket's language;
a query looks for the word or any of its stems. SQLite answers by FTS5, PostgreSQL by a GIN index
on `to_tsvector('simple', …)`: both find the same rows.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Protocol

import snowballstemmer
from django.db import connections
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from tickets.models import Message

WORD = re.compile(r"[^\W_]+")
LANGUAGES = {"en": "english", "es": "spanish", "pt-br": "portuguese"}
INDEXED_CHARACTERS = 20_000
QUERY_WORDS = 12
_ACCENTS = re.compile("[\u0300-\u036f]+")  # combining diacritical marks
_STEMMERS = {code: snowballstemmer.stemmer(name) for code, name in LANGUAGES.items()}


def fold(text: str) -> str:
    """Lower case without accents."""
    lowered = text.casefold()
    if lowered.isascii():
        return lowered
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", lowered))


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
    sql = _SQL[connections["default"].vendor]
    return Message.objects.filter(pk__in=RawSQL(sql.select, [sql.expression(words)]))


class _Dialect(Protocol):
    select: str

    @staticmethod
    def expression(words: list[tuple[str, ...]]) -> str: ...


class _SQLite:
    select = "SELECT rowid FROM tickets_message_search WHERE tickets_message_search MATCH %s"

    @staticmethod
    def expression(words: list[tuple[str, ...]]) -> str:
        groups = [" OR ".join(f'"{form}"' for form in forms) for forms in words]
        groups[-1] += f' OR "{words[-1][0]}"*'
        return " AND ".join(f"({group})" for group in groups)


class _PostgreSQL:
    select = (
        "SELECT id FROM tickets_message "
        "WHERE to_tsvector('simple', search_text) @@ to_tsquery('simple', %s)"
    )

    @staticmethod
    def expression(words: list[tuple[str, ...]]) -> str:
        groups = [" | ".join(forms) for forms in words]
        groups[-1] += f" | {words[-1][0]}:*"
        return " & ".join(f"({group})" for group in groups)


_SQL: Mapping[str, type[_Dialect]] = {"sqlite": _SQLite, "postgresql": _PostgreSQL}
