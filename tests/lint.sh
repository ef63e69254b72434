#!/bin/sh
# make lint: clang-tidy and cppcheck over our own C, with the flags of the build. Usage: tests/lint.sh [build]
set -eu
cd "$(dirname "$0")/.."
build=${1:-build}
sources=$(git ls-files 'src/*.c' 'tools/*.c')
checks='-*,clang-analyzer-*,-clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling,bugprone-*,-bugprone-easily-swappable-parameters,-bugprone-reserved-identifier,-bugprone-narrowing-conversions,-bugprone-assignment-in-if-condition,-bugprone-implicit-widening-of-multiplication-result,-bugprone-branch-clone,-bugprone-macro-parentheses'
status=0
# shellcheck disable=SC2086 # lists are meant to be split
printf '%s\n' $sources | xargs -P "$(nproc)" -n 4 clang-tidy --quiet -p "$build" --checks="$checks" --warnings-as-errors='*' \
    2>/dev/null || status=1
cppcheck --quiet --project="$build/compile_commands.json" -i "$build" --std=c11 --error-exitcode=1 \
    --enable=warning,portability --inline-suppr --suppress=missingIncludeSystem --suppress="*:$build/*" \
    --suppress=unknownMacro --suppress=syntaxError -j "$(nproc)" || status=1
exit $status
