#!/usr/bin/env bash
# Schemathesis: requests that the OpenAPI document allows and forbids, against a running server, by a signed-in account. The first
# argument is the folder of the environment. Runs last: it changes the server's data.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
venv=$1
if ! cmp -s "$here/fuzz-requirements.txt" "$venv/requirements.txt"; then
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --requirement "$here/fuzz-requirements.txt"
  cp "$here/fuzz-requirements.txt" "$venv/requirements.txt"
fi
TOKEN=$(curl --silent --fail --header 'content-type: application/json' \
  --data '{"email":"alice@demo.plaza","password":"plaza-demo"}' "$PLAZA_URL/api/auth/sign-in/email" |
  python3 -c 'import json, sys; print(json.load(sys.stdin)["token"])')
export TOKEN PYTHONPATH=$here
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# The tool writes its notes into the current folder.
cd "$(mktemp -d)"
if timeout 300 "$venv/bin/schemathesis" --config-file "$here/schemathesis.toml" run "$PLAZA_URL/api/openapi.json" --no-color >"$log" 2>&1; then
  echo "ok     schemathesis: $(grep -oE '[0-9]+ generated' "$log" || true)"
else
  echo "FAILED schemathesis" >&2
  grep -vE '^ *$' "$log" | tail -n 120 >&2
  exit 1
fi
