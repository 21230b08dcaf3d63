"""Lists what is linked into the command, as a software bill of materials in CycloneDX 1.5 (JSON).

usage: make_sbom.py VERSION SWIFT-VERSION < Package.resolved > touchstone.cdx.json
"""

from __future__ import annotations

import json
import sys
from typing import Any

# Build plugins: they make documentation, and nothing of them is in the command.
NOT_LINKED = {"swift-docc-plugin", "swift-docc-symbolkit"}
RUNTIME = [
    "swift",
    "swift-corelibs-libdispatch",
    "swift-corelibs-foundation",
    "swift-foundation",
    "swift-foundation-icu",
]


def component(name: str, version: str, location: str, revision: str | None = None) -> dict[str, Any]:
    path = location.removeprefix("https://").removesuffix(".git")
    entry: dict[str, Any] = {
        "type": "library",
        "name": name,
        "version": version,
        "bom-ref": name,
        "purl": f"pkg:swift/{path}@{version}",
        "licenses": [{"license": {"id": "Apache-2.0"}}],
        "externalReferences": [{"type": "vcs", "url": location}],
    }
    if revision:
        entry["properties"] = [{"name": "revision", "value": revision}]
    return entry


def main() -> None:
    version, swift = sys.argv[1:3]
    pins = json.load(sys.stdin)["pins"]
    parts = [
        component(
            pin["identity"], pin["state"].get("version", "unversioned"), pin["location"], pin["state"]["revision"]
        )
        for pin in sorted(pins, key=lambda pin: pin["identity"])
        if pin["identity"] not in NOT_LINKED
    ]
    parts += [component(name, swift, f"https://github.com/swiftlang/{name}.git") for name in RUNTIME]
    subject = {
        "type": "application",
        "name": "touchstone",
        "version": version,
        "bom-ref": "touchstone",
        "licenses": [{"license": {"id": "Apache-2.0"}}],
    }
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": subject},
        "components": parts,
        "dependencies": [{"ref": "touchstone", "dependsOn": [part["bom-ref"] for part in parts]}],
    }
    json.dump(bill, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
