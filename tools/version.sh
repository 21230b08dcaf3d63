#!/usr/bin/env bash
# version.sh: prints the version of the sources.
set -euo pipefail
sed -n 's/.*static let version = "\(.*\)"/\1/p' "$(dirname "$0")/../Sources/Touchstone/EngineInformation.swift"
