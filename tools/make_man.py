"""Makes touchstone(1) from the command's own help.

usage: make_man.py COMMAND > touchstone.1
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import Any


def escaped(text: str) -> str:
    """Text as roff reads it: no escapes, no requests at the beginning of a line."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"(?m)^([.'])", r"\\&\1", text)


def paragraphs(text: str) -> list[str]:
    """Prose as paragraphs, and what is indented as it stands."""
    lines: list[str] = []
    for block in re.split(r"\n\s*\n", text.strip("\n")):
        if all(line.startswith("  ") for line in block.splitlines()):
            lines += [".PP", ".nf", escaped(block), ".fi"]
        else:
            lines += [".PP", escaped(" ".join(block.split()))]
    return lines


def names(argument: dict[str, Any]) -> str:
    if argument["kind"] == "positional":
        return escaped(f"<{argument['valueName']}>" + (" ..." if argument["isRepeating"] else ""))
    spelled = [("-" if name["kind"] == "short" else "--") + name["name"] for name in argument["names"]]
    text = ", ".join(f"\\fB{escaped(name)}\\fR" for name in spelled)
    return text if argument["kind"] == "flag" else f"{text} \\fI{escaped(argument['valueName'])}\\fR"


def options(command: dict[str, Any]) -> list[str]:
    lines: list[str] = []
    section = None
    for argument in command.get("arguments", []):
        if not argument["shouldDisplay"]:
            continue
        if argument.get("sectionTitle") != section:
            section = argument.get("sectionTitle")
            lines += [".PP", f"\\fI{escaped(section or 'Options')}\\fR"]
        text = " ".join(filter(None, [argument.get("abstract"), argument.get("discussion")]))
        lines += [".TP", names(argument), escaped(" ".join(text.split())) or "\\&"]
        if argument.get("allValues"):
            lines.append(escaped(f"(values: {', '.join(argument['allValues'])})"))
        if argument.get("defaultValue"):
            lines.append(escaped(f"(default: {argument['defaultValue']})"))
    return lines


def page(help_: dict[str, Any], version: str) -> str:
    command = help_["command"]
    lines = [f'.TH TOUCHSTONE 1 "" "touchstone {escaped(version)}" "User Commands"']
    lines += [".SH NAME", f"touchstone \\- {escaped(command['abstract'].rstrip('.'))}"]
    lines += [".SH SYNOPSIS", ".B touchstone", "\\fIsubcommand\\fR [\\fIoptions\\fR] [\\fItexts\\fR ...]"]
    if command.get("discussion"):
        lines += [".SH DESCRIPTION", *paragraphs(command["discussion"])]
    shown = [
        item for item in command["subcommands"] if item.get("shouldDisplay", True) and item["commandName"] != "help"
    ]
    for item in shown:
        lines += [f".SH TOUCHSTONE {escaped(item['commandName'].upper())}", escaped(item.get("abstract", ""))]
        lines += paragraphs(item["discussion"]) if item.get("discussion") else []
        lines += options(item)
    lines += [".SH FILES", ".TP", "share/touchstone/demo\\-q4_k_m.gguf"]
    lines += [
        "The demonstration model, used where neither --model nor TOUCHSTONE_MODEL names another.".replace("-", "\\-")
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    command = sys.argv[1]
    dumped = subprocess.run([command, "--experimental-dump-help"], capture_output=True, check=True).stdout
    first = subprocess.run([command, "--version"], capture_output=True, check=True, text=True).stdout.splitlines()[0]
    sys.stdout.write(page(json.loads(dumped), first.removeprefix("touchstone ")))


if __name__ == "__main__":
    main()
