#!/usr/bin/env python3
"""Every example of the OpenAPI document is valid for its schema, says a validator that is not ours."""

import json
import sys

from openapi_schema_validator import OAS31Validator, oas31_format_checker

DOCUMENT = json.load(open(sys.argv[1], encoding="utf-8"))
faults, seen = [], 0


def check(where, schema, value):
    """Notes why a value does not fit a schema, whose references are those of the document."""
    global seen
    seen += 1
    whole = {**schema, "components": DOCUMENT["components"]}
    validator = OAS31Validator(whole, format_checker=oas31_format_checker)
    faults.extend(f"{where}: {fault.json_path}: {fault.message}" for fault in validator.iter_errors(value))


def check_media(where, media):
    if "example" not in media:
        return
    check(where, media["schema"], media["example"])
    if "x-event-schema" in media:
        for line in media["example"].splitlines():
            # The engine ends a stream by itself.
            if line.startswith("data: ") and line != 'data: {"type":"done"}':
                check(where, media["x-event-schema"], json.loads(line.removeprefix("data: ")))


for path, item in DOCUMENT["paths"].items():
    for method, operation in item.items():
        where = f"{method} {path}"
        for parameter in operation.get("parameters", []):
            if "example" in parameter:
                check(f"{where}: {parameter['name']}", parameter["schema"], parameter["example"])
        for media in operation.get("requestBody", {}).get("content", {}).values():
            check_media(f"{where}: body", media)
        for status, response in operation["responses"].items():
            for media in response.get("content", {}).values():
                check_media(f"{where}: {status}", media)
for name, header in DOCUMENT["components"]["headers"].items():
    check(name, header["schema"], header["example"])

print("\n".join(faults), file=sys.stderr)
if faults or seen < 100:
    sys.exit(f"{len(faults)} faults in {seen} examples")
print(f"{seen} examples are valid")
