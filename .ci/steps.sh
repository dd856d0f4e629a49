# Steps: each is timed, may fail without ending the run, and may skip itself by
# writing the reason to the file $CI_SKIP and ending with code 77.

STEPS=()
declare -A RESULT SECONDS_OF
SKIPPED=()
STEP_PID=""
export CI_SKIP="$CI_ARTIFACTS/skip"

# step NAME COMMAND…
step() {
  local name=$1 code=0 began=$SECONDS left=$((LIMIT_SECONDS - SECONDS))
  shift
  STEPS+=("$name")
  printf '\n==> %s: %s\n' "$name" "$*"
  rm -f "$CI_SKIP"
  if ((left <= 0)); then
    code=124
  else
    # `timeout` gives the step a process group of its own and ends all of it.
    timeout --kill-after=20 "$left" "$@" </dev/null &
    STEP_PID=$!
    wait "$STEP_PID" || code=$?
    STEP_PID=""
  fi
  SECONDS_OF[$name]=$((SECONDS - began))
  case $code in
    0) RESULT[$name]=ok ;;
    77) RESULT[$name]=skipped ;;
    124 | 137) RESULT[$name]="FAILED (the run's $((LIMIT_SECONDS / 60)) minutes are over)" ;;
    *) RESULT[$name]="FAILED (code $code)" ;;
  esac
  # A step may also run and leave a part of itself out.
  if [[ -s $CI_SKIP ]]; then skipped "$name" "$(<"$CI_SKIP")"; fi
  rm -f "$CI_SKIP"
  printf '<== %s: %s, %d s\n' "$name" "${RESULT[$name]}" "${SECONDS_OF[$name]}"
}

passed() { [[ ${RESULT[$1]:-} = ok ]]; }

# skipped WHAT WHY
skipped() { SKIPPED+=("$1: $2"); }

# Ends the step that is running when the run itself is ended.
end_step() {
  if [[ -n $STEP_PID ]]; then
    kill -TERM "$STEP_PID" 2>/dev/null || true
    wait "$STEP_PID" 2>/dev/null || true
  fi
}

# Prints what became of each step; fails when one failed.
summary() {
  local name line failed=0
  printf '\n%s\n' "---- summary, $((SECONDS / 60)) min $((SECONDS % 60)) s"
  for name in "${STEPS[@]}"; do
    printf '%-14s %5d s  %s\n' "$name" "${SECONDS_OF[$name]}" "${RESULT[$name]}"
    [[ ${RESULT[$name]} = FAILED* ]] && failed=1
  done
  if ((${#SKIPPED[@]})); then
    printf '\nskipped:\n'
    for line in "${SKIPPED[@]}"; do printf '  %s\n' "$line"; done
  else
    printf '\nskipped: nothing\n'
  fi
  return "$failed"
}
