#!/usr/bin/env bash
# build_static.sh [FILE]: the command with Swift's runtime inside, stripped, for machines without Swift
# (.build/static/touchstone). It needs glibc 2.34 and nothing else.
#
# Links the objects of the ordinary build (`make`) a second time: some seconds, where a build with
# --static-swift-stdlib would compile every dependency again.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
out=${1:-$root/.build/static/touchstone}
. "$root/tools/static_link.sh"
cd "$root"
objects=.build/release/touchstone.product/Objects.LinkFileList
[ -f "$objects" ] || { echo "there is no build to link: run make first" >&2; exit 1; }
mkdir -p .build/static "$(dirname "$out")"
static_objects "$root/.build/static"
mapfile -t static < <(static_flags "$root/.build/static")
# What Foundation is made of when it is linked statically. Its modules name these only in a static build.
libraries=(Foundation FoundationEssentials FoundationInternationalization CoreFoundation _FoundationICU
  _FoundationCShims _FoundationCollections swiftDispatch dispatch BlocksRuntime swiftSynchronization
  swift_RegexParser swift_StringProcessing swift_Concurrency)
${SWIFTC:-swiftc} -emit-executable -o .build/static/touchstone.unstripped @"$objects" "${static[@]}" \
  -Xlinker --defsym=main=TouchstoneCommand_main \
  -Xlinker --start-group "${libraries[@]/#/-l}" -Xlinker --end-group >.build/static/log 2>&1 \
  || { cat .build/static/log >&2; exit 1; }
strip -o "$out" .build/static/touchstone.unstripped
tools/stamp.sh "$out"
rm .build/static/touchstone.unstripped
check_needs "$out"
