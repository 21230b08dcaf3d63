#!/usr/bin/env bash
# The course, as a reader goes through it: every command of every lesson prints what the lesson shows, every exercise
# fails until it is done, and every solution passes the same tests.
# usage: tools/test_course.sh, after `swift build -c release --product touchstone`
set -uo pipefail
cd "$(dirname "$0")/.." || exit
lessons=8
passed=0
failed=0
scratch=.build/course
mkdir -p "$scratch"
command -v xxd >/dev/null || { echo "test_course: xxd is missing; make setup installs it" >&2; exit 1; }
[ -x .build/release/touchstone ] || { echo "test_course: there is no command; run make first" >&2; exit 1; }

# exercises NAME: builds and tests them, or the solutions in their place, and keeps what the tests say.
exercises() {
  COURSE=$1 "${SWIFT:-swift}" test --package-path docs/tutorial/course/exercises --scratch-path "$scratch/$1" \
    --filter Exercises >"$scratch/$1.log" 2>&1
}
# expect NAME OUTCOME: of each lesson, which the tests of NAME say.
expect() {
  for lesson in $(seq $lessons); do
    if grep -q "Suite \"Lesson $lesson\" $2" "$scratch/$1.log"; then
      passed=$((passed + 1))
    else
      failed=$((failed + 1))
      echo "course: lesson $lesson of the $1 has not $2; see $scratch/$1.log"
    fi
  done
}

exercises exercises & # Fails, and has to.
report=$(python3 tools/course.py)
wait
exercises solutions
echo "$report" | sed '$d'
read -r _ commands _ differing _ <<<"$(tail -n 1 <<<"$report")"
passed=$((passed + ${commands:-0}))
failed=$((failed + ${differing:-1}))
expect exercises failed
expect solutions passed
echo "course: $passed passed, $failed failed"
[ $failed -eq 0 ]
