#!/usr/bin/env bash
# Generators in Python, against a running server: openapi-python-client and ariadne-codegen, with calls of what they make. The
# first argument is the folder of the environment.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
venv=$1
out=$here/generated/python
if ! cmp -s "$here/requirements.txt" "$venv/requirements.txt"; then
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --requirement "$here/requirements.txt"
  cp "$here/requirements.txt" "$venv/requirements.txt"
fi
rm -rf "$out"
mkdir -p "$out"
cd "$out"
export PYTHONPATH=$out
PATH="$venv/bin:$PATH"
failed=0

# check NAME COMMAND…
check() {
  local name=$1
  shift
  if "$@" >"$out/last.log" 2>&1; then
    echo "ok     $name"
  else
    echo "FAILED $name" >&2
    tail -n 60 "$out/last.log" >&2
    failed=1
  fi
}

curl --silent --fail --output openapi.json "$PLAZA_URL/api/openapi.json"
TOKEN=$(curl --silent --fail --header 'content-type: application/json' \
  --data '{"email":"alice@demo.plaza","password":"plaza-demo"}' "$PLAZA_URL/api/auth/sign-in/email" |
  python3 -c 'import json, sys; print(json.load(sys.stdin)["token"])')
export TOKEN

check "openapi-python-client" openapi-python-client generate --path openapi.json --output-path rest --meta none --fail-on-warning
check "calls of the REST client" python "$here/rest_calls.py"
check "ariadne-codegen" ariadne-codegen --config "$here/ariadne.toml" client
check "calls and a subscription of the GraphQL client" python "$here/graphql_calls.py"
exit "$failed"
