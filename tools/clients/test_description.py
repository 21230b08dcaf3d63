"""schemathesis over the service's own description: what it says is true, and nothing that it allows is a fault."""

import os
import subprocess
import sys
from pathlib import Path

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
TOOLS = Path(__file__).resolve().parents[1]


def test_routes_do_what_they_say(address: str) -> None:
    command = [Path(sys.executable).with_name("schemathesis"), "run", f"{address}/openapi.json"]
    options = ["--checks", CHECKS, "--phases", "examples,coverage,fuzzing", "--max-examples", "40"]
    stable = ["--seed", "1", "--generation-deterministic", "--no-color", "--request-timeout", "30"]
    environment = os.environ | {"SCHEMATHESIS_HOOKS": "clients.named_model"}
    run = subprocess.run(
        [*command, *options, *stable], cwd=TOOLS, env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout[-20_000:] + run.stderr[-2_000:]
