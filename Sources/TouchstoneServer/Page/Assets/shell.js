// The same requests as commands for a shell.

/** A word that a shell takes as it is. */
const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

export function shellCommand(inputs, model, instruction) {
  const bodies = [];
  for (const role of ["query", "document"]) {
    const chosen = inputs.filter((input) => input.role === role).map(({ text }) => text);
    if (chosen.length === 0) continue;
    const body = { model: model || undefined, input: chosen };
    if (role === "query") body.instruct = instruction;
    bodies.push(body);
  }
  return bodies
    .map((body) => `curl ${quoted(`${location.origin}/v1/embeddings`)} -H 'Content-Type: application/json' \\\n  -d ${quoted(JSON.stringify(body))}`)
    .join("\n\n");
}
