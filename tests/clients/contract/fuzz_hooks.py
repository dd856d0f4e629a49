"""Hooks of schemathesis: values that the document cannot describe."""

import json
import unicodedata
import uuid

import schemathesis
from hypothesis import strategies as st

HOST = st.from_regex(r"\A[a-z]{1,20}\.example\Z")
# Formats, marks and separators, and the letters that are rendered as nothing.
INVISIBLE = {"Cf", "Cn", "Me", "Mn", "Zl", "Zp"}
FILLERS = "\u115f\u1160\u2800\u3164\uffa0"
PATH = st.from_regex(r"\A[a-z0-9]{0,20}\Z")
schemathesis.openapi.format("iri", st.builds("https://{}/{}".format, HOST, PATH))


@schemathesis.hook
def filter_body(context, body):
    """Leaves out names of members that are too long for any body, and invisible characters, which names may not contain: no
    pattern that all dialects understand lists them."""
    if not isinstance(body, dict):
        return True
    texts = [text for value in body.values() for text in (value if isinstance(value, list) else [value]) if isinstance(text, str)]
    return all(len(json.dumps(name)) <= 256 for name in names(body)) and not any(map(has_invisible, texts))


def has_invisible(text):
    return any(unicodedata.category(letter) in INVISIBLE or letter in FILLERS for letter in text)


def names(value):
    if isinstance(value, dict):
        for name, member in value.items():
            yield name
            yield from names(member)
    elif isinstance(value, list):
        for item in value:
            yield from names(item)


@schemathesis.hook
def before_call(context, case, kwargs):
    """Gives each request a key of its own: another request with the same key is refused by design."""
    key = (case.headers or {}).get("Idempotency-Key")
    if isinstance(key, str) and 0 < len(key) < 256 and all("!" <= letter <= "~" for letter in key):
        case.headers["Idempotency-Key"] = str(uuid.uuid4())
