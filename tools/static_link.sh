# shellcheck shell=bash
# Sourced: what the scripts that link Swift's runtime in have in common.
#
#   static_objects FOLDER   (in $root, the repository) compiles what must be linked in beside it, into FOLDER
#   static_flags FOLDER     flags for swiftc's link, one a line
#   check_needs FILE        fails where FILE needs more than glibc 2.34

static_objects() {
  # shellcheck disable=SC2154
  ${CC:-cc} -O2 -fPIC -c "$root/tools/glibc_2_34.c" -o "$1/glibc_2_34.o"
  # The C++ library is linked in too: its newer symbol versions are as much a hindrance as those of glibc. So are
  # SQLite and zlib, which a bare system lacks. The link asks for -lstdc++ and so on, and finds these archives first.
  local name archive
  for name in stdc++ sqlite3 z; do
    archive=$(${CXX:-c++} -print-file-name="lib$name.a")
    [ ! -f "$archive" ] || ln -sf "$archive" "$1/lib$name.a"
  done
}

static_flags() {
  printf '%s\n' -static-stdlib -use-ld=lld "-L$1" -Xlinker --gc-sections -Xlinker "$1/glibc_2_34.o"
}

check_needs() {
  local newest
  newest=$(objdump -T "$1" | grep -o 'GLIBC_[0-9.]*' | sort -V | tail -1)
  if [ "$(printf '%s\n' "$newest" GLIBC_2.34 | sort -V | tail -1)" != GLIBC_2.34 ]; then
    echo "$1 needs $newest, but must need no more than GLIBC_2.34" >&2
    return 1
  fi
  local others
  others=$(objdump -p "$1" | awk '/NEEDED/ {print $2}' | grep -v '^lib\(c\|m\|gcc_s\)\.so\|^ld-linux' || true)
  if [ -n "$others" ]; then
    echo "$1 needs ${others//$'\n'/, }, which should be inside: install the archives (libsqlite3-dev, zlib1g-dev)" >&2
    return 1
  fi
}
