#!/usr/bin/env bash
# build_library.sh [FOLDER]: builds the C library into FOLDER (.build-library): libtouchstone.so.1, a link to it, the
# header and a pkg-config file, in lib/ and include/. The Swift runtime is inside; it needs glibc 2.34.
#
# TOUCHSTONE_BUILD=engine leaves out everything that needs another package, so nothing is fetched. lld, since gold
# exports names that the version script hides. PREFIX is what the pkg-config file says (/usr/local).
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
out=${1:-$root/.build-library}
. "$root/tools/static_link.sh"
interface=$(sed -n 's/^#define TOUCHSTONE_INTERFACE_VERSION //p' "$root/Sources/CTouchstone/include/touchstone.h")
version=$("$root/tools/version.sh")
name=libtouchstone.so.$interface
scratch=$root/.build-library/swift

cd "$root"
mkdir -p "$out/lib/pkgconfig" "$out/include" "$scratch"
log="$scratch/log"
# Without dependencies SwiftPM deletes the versions that were resolved for the whole package.
resolved=$scratch/Package.resolved
rm -f "$resolved"
[ ! -f Package.resolved ] || cp -p Package.resolved "$resolved"
restore() { [ ! -f "$resolved" ] || cp -p "$resolved" Package.resolved; }
trap restore EXIT
TOUCHSTONE_BUILD=engine ${SWIFT:-swift} build -c release --scratch-path "$scratch" --product touchstone-c \
  -Xswiftc -static-stdlib -Xswiftc -use-ld=lld >"$log" 2>&1 || { cat "$log" >&2; exit 1; }

# Linked once more, as SwiftPM has no place for what makes it self-contained.
static_objects "$scratch"
mapfile -t static < <(static_flags "$scratch")
${SWIFTC:-swiftc} -emit-library -o "$scratch/$name" @"$scratch/release/touchstone-c.product/Objects.LinkFileList" \
  "${static[@]}" -Xlinker --exclude-libs=ALL -Xlinker --version-script="$root/Sources/CTouchstone/exports.map" \
  -Xlinker -z -Xlinker nodelete -Xlinker -soname -Xlinker "$name" >>"$log" 2>&1 || { cat "$log" >&2; exit 1; }
strip --strip-unneeded -o "$out/lib/$name" "$scratch/$name"
ln -sf "$name" "$out/lib/libtouchstone.so"
cp Sources/CTouchstone/include/touchstone.h "$out/include/"
cat >"$out/lib/pkgconfig/touchstone.pc" <<PC
prefix=${PREFIX:-/usr/local}
libdir=\${prefix}/lib
includedir=\${prefix}/include

Name: touchstone
Description: Qwen3-Embedding and Qwen3-Reranker from GGUF files, on CPUs
Version: $version
Cflags: -I\${includedir}
Libs: -L\${libdir} -ltouchstone
PC

# Only the names of the header leave the library, and all of them do.
exported=$(nm -D --defined-only "$out/lib/$name" | awk '{print $3}' | sort)
declared=$(grep -o 'touchstone_[a-z_]*(' Sources/CTouchstone/include/touchstone.h | tr -d '(' | sort -u)
if [ "$exported" != "$declared" ]; then
  echo "$name exports other names than touchstone.h declares:" >&2
  diff <(echo "$declared") <(echo "$exported") >&2
  exit 1
fi
check_needs "$out/lib/$name"
# Foundation brings ICU, 40 MB. The engine imports FoundationEssentials only.
if [ "$(stat -c %s "$out/lib/$name")" -gt $((30 << 20)) ]; then
  echo "$name has more than 30 MiB: does a module of the engine import Foundation?" >&2
  exit 1
fi
