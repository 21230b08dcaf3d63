#!/usr/bin/env bash
# The engine alone, with its tests: TOUCHSTONE_BUILD=engine, see Package.swift.
# usage: tools/engine.sh FOLDER build|test|run [OPTION]...
# FOLDER, in the root of the repository, becomes a package of links to this one. In the root itself SwiftPM would remove
# the pins of packages that the engine does not need from Package.resolved, and the next whole build would ask the
# network for versions again.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$1
command=$2
shift 2
mkdir -p "$folder"
for entry in Package.swift Sources Tests testdata; do ln -sfn "../$entry" "$folder/$entry"; done
TOUCHSTONE_BUILD=engine exec "${SWIFT:-swift}" "$command" --package-path "$folder" -c release "$@"
