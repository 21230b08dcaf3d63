#!/usr/bin/env bash
# stamp.sh FILE: writes into a built command which commit it was built from, for `touchstone --version`. In place, with
# the time of the file left as it was: neither SwiftPM nor make builds anything anew for it.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
file=$1
marker=TOUCHSTONE-STAMP:
room=143 # 160 bytes, see Sources/CBuildStamp/stamp.c, without the marker

if commit=$(git -C "$root" describe --always --abbrev=12 --dirty --exclude '*' 2>/dev/null); then
  text="${commit/-dirty/ with changes} of $(git -C "$root" log -1 --format=%cs)"
else
  # A tree without its history, as of a source archive.
  text=${TOUCHSTONE_COMMIT:-unknown}
fi
swift_version=$(${SWIFT:-swift} --version 2>/dev/null | sed -n 's/.*Swift version \([0-9.]*\).*/\1/p' | head -1)
text="$text${swift_version:+, built with Swift $swift_version}"
text=${text:0:$((room - 1))}

offset=$(LC_ALL=C grep -abo "$marker" "$file" | head -1 | cut -d: -f1 || true)
[ -n "$offset" ] || { echo "$file has no place for a stamp" >&2; exit 1; }
offset=$((offset + ${#marker}))
there=$(tail -c "+$((offset + 1))" "$file" | head -c "$room" | tr -d '\0' || true)
[ "$there" != "$text" ] || exit 0
time=$(mktemp)
trap 'rm -f "$time"' EXIT
touch -r "$file" "$time"
# A file that is running cannot be written.
if ! { printf '%s' "$text"; head -c "$((room - ${#text}))" /dev/zero; } \
  | dd of="$file" bs=1 seek="$offset" conv=notrunc status=none 2>/dev/null; then
  echo "stamp.sh: $file is in use; --version names the commit of an earlier build" >&2
  exit 0
fi
touch -r "$time" "$file"
