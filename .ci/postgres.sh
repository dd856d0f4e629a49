# The PostgreSQL of this machine for the tests: used when it answers, started
# when it is installed but does not run, and then stopped again at the end.

POSTGRES_URL=postgres://postgres@127.0.0.1:5432/postgres
POSTGRES_STARTED=""

postgres_answers() {
  if command -v psql >/dev/null; then
    PGCONNECT_TIMEOUT=3 psql --no-psqlrc --no-password "$POSTGRES_URL" -c 'select 1' >/dev/null 2>&1
  else
    (exec 3<>/dev/tcp/127.0.0.1/5432) 2>/dev/null
  fi
}

start_postgres() {
  local version tries
  if ! postgres_answers && command -v pg_ctlcluster >/dev/null; then
    version=$(ls /etc/postgresql 2>/dev/null | sort -n | tail -n 1)
    if [[ -n $version ]] && .ci/as-root pg_ctlcluster --skip-systemctl-redirect "$version" main start; then
      POSTGRES_STARTED=$version
      for ((tries = 0; tries < 50; tries++)); do
        postgres_answers && break
        sleep 0.2
      done
    fi
  fi
  if postgres_answers; then
    export PLAZA_TEST_POSTGRES_URL=$POSTGRES_URL
    echo "PostgreSQL: $POSTGRES_URL${POSTGRES_STARTED:+ (started for this run)}"
  else
    unset PLAZA_TEST_POSTGRES_URL
    skipped "test on PostgreSQL" "none lets user postgres in at 127.0.0.1:5432 and none could be started; SQLite only"
  fi
}

stop_postgres() {
  if [[ -n $POSTGRES_STARTED ]]; then
    .ci/as-root pg_ctlcluster --skip-systemctl-redirect "$POSTGRES_STARTED" main stop || true
  fi
}
