#!/bin/sh
# make fuzz: builds every tests/fuzz/fuzz_*.c with clang, libFuzzer and the sanitizers, and lets each search for
# SECONDS, starting from its corpus. New interesting inputs go to build-fuzz/corpus/, what breaks a parser to
# tests/fuzz/regression/<name>/ (commit it with the repair). Usage: tests/fuzz/run.sh [seconds] [name…]
set -eu
cd "$(dirname "$0")/../.."
seconds=${1:-20}
[ $# -eq 0 ] || shift

[ -f build-fuzz/build.ninja ] ||
    CC=clang meson setup build-fuzz -Dfuzz=true -Db_sanitize=address,undefined -Db_lundef=false \
        -Dc_args=-fsanitize=fuzzer-no-link >/dev/null
targets=$(find tests/fuzz -name 'fuzz_*.c' | sed 's/.*fuzz_//; s/\.c$//' | sort)
wanted=${*:-$targets}
# shellcheck disable=SC2046,SC2086 # lists are meant to be split
# the generators of the build need not free what they take
ASAN_OPTIONS=detect_leaks=0 ninja -C build-fuzz --quiet $(printf 'tests/fuzz/fuzz_%s ' $wanted)

failed=""
for name in $wanted; do
    new=build-fuzz/corpus/$name
    regression=tests/fuzz/regression/$name
    mkdir -p "$new" "tests/fuzz/corpus/$name" "$regression"
    log=build-fuzz/$name.log
    dictionary=""
    [ ! -f "tests/fuzz/$name.dict" ] || dictionary="-dict=tests/fuzz/$name.dict"
    # shellcheck disable=SC2086 # empty when there is none
    if UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 ./build-fuzz/tests/fuzz/fuzz_"$name" -max_total_time="$seconds" \
        -timeout=10 -rss_limit_mb=2048 -artifact_prefix="$regression/" -print_final_stats=1 $dictionary \
        "$new" "tests/fuzz/corpus/$name" "$regression" >"$log" 2>&1; then
        printf '%-16s %s inputs tried, coverage %s, fine\n' "$name" \
            "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")" "$(sed -n 's/.* cov: \([0-9]*\).*/\1/p' "$log" | tail -n 1)"
    else
        printf '%-16s BROKEN, see %s and %s\n' "$name" "$log" "$regression"
        grep -E -m 3 'ERROR: |SUMMARY|runtime error' "$log" || tail -n 5 "$log"
        failed="$failed $name"
    fi
    rmdir "$regression" "tests/fuzz/corpus/$name" 2>/dev/null || true
done
[ -z "$failed" ] || { printf 'broken:%s\n' "$failed"; exit 1; }
