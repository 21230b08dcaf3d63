# Sourced: what the scripts that link Swift's runtime in have in common.
#
#   static_objects FOLDER   compiles what must be linked in beside it, into FOLDER
#   static_flags FOLDER     flags for swiftc's link, one a line
#   check_needs FILE        fails where FILE needs more than glibc 2.34

static_objects() {
  ${CC:-cc} -O2 -fPIC -c "$root/tools/glibc_2_34.c" -o "$1/glibc_2_34.o"
  # The C++ library is linked in too: its newer symbol versions are as much a hindrance as those of glibc. The runtime
  # asks for -lstdc++, and finds this archive first.
  ln -sf "$(${CXX:-c++} -print-file-name=libstdc++.a)" "$1/libstdc++.a"
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
  if objdump -p "$1" | grep -q 'NEEDED.*libstdc++\|NEEDED.*libswift'; then
    echo "$1 needs a library of C++ or Swift, which should be inside" >&2
    return 1
  fi
}
