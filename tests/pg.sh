#!/bin/sh
# A private PostgreSQL cluster for tests: its files in DIR, its socket in DIR, no TCP, nothing shared.
#   tests/pg.sh start DIR    makes and starts it, prints the address of an empty database; "start DIR PID" also stops
#                            it when the process PID has ended, however that came
#   tests/pg.sh url DIR      prints the address again; "url DIR NAME" makes the empty database NAME first
#   tests/pg.sh stop DIR     stops it and removes DIR
# The server refuses root: then it runs as the user postgres (or nobody), who gets DIR.
set -eu

usage() {
    echo "usage: tests/pg.sh start DIR [PID] | url DIR [NAME] | stop DIR" >&2
    exit 2
}

[ $# -ge 2 ] || usage
command=$1
dir=$2
name=${3:-edulab}
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
if [ -z "$bin" ]; then
    echo "tests/pg.sh: PostgreSQL is not installed (package postgresql)" >&2
    exit 1
fi

user=$(id -un)
if [ "$(id -u)" -eq 0 ]; then
    user=postgres
    id postgres >/dev/null 2>&1 || user=nobody
fi

as_user() {
    # from /, for the caller's folder may be closed to the other user
    if [ "$(id -un)" = "$user" ]; then
        (cd / && "$@")
    else
        (cd / && setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups env HOME="$dir" "$@")
    fi
}

address() {
    encoded=$(printf %s "$dir" | sed 's|/|%2F|g; s| |%20|g')
    echo "postgres://test@$encoded/$1"
}

case $command in
start)
    mkdir -p "$dir"
    dir=$(cd "$dir" && pwd)
    [ "$(id -un)" = "$user" ] || chown "$user" "$dir"
    as_user "$bin/initdb" -D "$dir/data" -U test -A trust -E UTF8 --locale=C.UTF-8 --no-sync \
        --no-instructions >"$dir.log" 2>&1 || { cat "$dir.log" >&2; exit 1; }
    rm -f "$dir.log"
    as_user "$bin/pg_ctl" -D "$dir/data" -l "$dir/server.log" -w -t 60 -s \
        -o "-k '$dir' -c listen_addresses='' -c fsync=${EDULAB_TEST_FSYNC:-off} -c max_connections=100" start ||
        { cat "$dir/server.log" >&2; exit 1; }
    as_user "$bin/createdb" -h "$dir" -U test edulab
    if [ $# -eq 3 ]; then
        self=$(cd "$(dirname "$0")" && pwd)/$(basename "$0")
        # shellcheck disable=SC2016 # expanded by the inner shell
        setsid sh -c 'while kill -0 "$1" 2>/dev/null; do sleep 1; done; "$2" stop "$3"' sh "$3" "$self" "$dir" \
            </dev/null >/dev/null 2>&1 &
    fi
    address edulab
    ;;
url)
    dir=$(cd "$dir" && pwd)
    if [ $# -eq 3 ]; then
        as_user "$bin/dropdb" -h "$dir" -U test --if-exists --force "$name" >/dev/null 2>&1
        as_user "$bin/createdb" -h "$dir" -U test "$name"
    fi
    address "$name"
    ;;
stop)
    [ -d "$dir" ] || exit 0
    dir=$(cd "$dir" && pwd)
    if [ -f "$dir/data/postmaster.pid" ]; then
        as_user "$bin/pg_ctl" -D "$dir/data" -m immediate -w -s stop
    fi
    # only what start has made
    rm -rf "$dir/data" "$dir"/.s.PGSQL.* "$dir/server.log"
    rmdir "$dir" 2>/dev/null || true
    ;;
*)
    usage
    ;;
esac
