#!/usr/bin/env bash
# Builds or tests a part of the package in a folder of its own.
# usage: tools/part.sh PART FOLDER build|test|run [OPTION]...
# PART is a value of TOUCHSTONE_BUILD, see Package.swift. FOLDER, in the root of the repository, becomes a package of
# links to this one. In the root itself SwiftPM would remove the pins of packages that the part does not need from
# Package.resolved, and the next whole build would ask the network for versions again.
set -euo pipefail
cd "$(dirname "$0")/.."

part=$1
folder=$2
command=$3
shift 3
mkdir -p "$folder"
for entry in Package.swift Sources Tests testdata; do ln -sfn "../$entry" "$folder/$entry"; done
[ "$part" = engine ] || [ -e "$folder/Package.resolved" ] || [ ! -e Package.resolved ] \
  || cp Package.resolved "$folder/Package.resolved"
TOUCHSTONE_BUILD=$part exec "${SWIFT:-swift}" "$command" --package-path "$folder" "$@"
