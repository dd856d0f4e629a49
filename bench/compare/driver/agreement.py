"""Whether servers answer the same rows."""

import json
import re

# Most requests of a kind that are compared.
COMPARED = 25
SPACE = ("id", "ownerId", "name", "description", "category", "isPublic", "tags", "definition")
SESSION = ("id", "playgroundId", "status", "participantCount")
MESSAGE = ("id", "userId", "content", "messageType", "userName", "userImage")


def moment(text):
    """Returns a time in one form: servers differ in digits behind the second and in how they write UTC."""
    return re.sub(r"\.0+$", "", re.sub(r"(Z|\+00:00)$", "", text))


def picked(row, keys):
    return {key: row[key] for key in keys} | {"createdAt": moment(row["createdAt"])}


def documented(answer):
    """Returns the documented content of an answer, without fields that only one server adds."""
    if "spaces" in answer:
        return {"total": answer["total"], "rows": [picked(space, SPACE) for space in answer["spaces"]]}
    if "messages" in answer:
        # The order is the server's; a page is the same rows.
        rows = [picked(message, MESSAGE) for message in answer["messages"]]
        return {"rows": sorted(rows, key=lambda row: row["createdAt"])}
    if "sessions" in answer:
        sessions = [picked(session, SESSION) for session in answer["sessions"]]
        owner = {key: answer["owner"][key] for key in ("id", "name", "image")}
        return picked(answer, SPACE) | {"owner": owner, "sessions": sorted(sessions, key=lambda session: session["id"])}
    return {key: answer[key] for key in ("userId", "content", "messageType")}


def answers(server, request):
    found = []
    for path, body in request.each()[: 1 if request.bodies else COMPARED]:
        status, text = server.ask(request.method, path, body)
        if status != (201 if body else 200):
            raise SystemExit(f"{server.name} answers {request.name} with {status}: {text[:500]!r}")
        found.append(documented(json.loads(text)))
        if body:
            status, page = server.ask("GET", path, None)
            if found[-1]["content"] not in [message["content"] for message in json.loads(page)["messages"]]:
                raise SystemExit(f"{server.name}: a posted message is not in the history")
    return found


def check(servers, request, report):
    """Ends the program unless all servers answer what the first one does."""
    expected = answers(servers[0], request)
    for server in servers[1:]:
        for theirs, ours in zip(expected, answers(server, request), strict=True):
            if theirs != ours:
                raise SystemExit(f"{request.name}: the answers differ\n{servers[0].name}: {json.dumps(theirs)[:2000]}\n"
                                 f"{server.name}: {json.dumps(ours)[:2000]}")
    rows = sum(len(answer.get("rows", [0])) for answer in expected)
    total = f", total {expected[0]['total']}" if "total" in expected[0] else ""
    report(f"same answers: {request.name} ({rows} rows{total})")
