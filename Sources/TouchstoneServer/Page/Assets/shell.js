// The same requests as commands for a shell.

/** A word that a shell takes as it is. */
export const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

export function shellCommand(inputs, { model, instruction, cut }) {
  const bodies = [];
  for (const role of ["query", "document"]) {
    const chosen = inputs.filter((input) => input.role === role).map(({ text }) => text);
    if (chosen.length === 0) continue;
    const body = { model, input: chosen };
    if (role === "query") body.instruct = instruction;
    if (cut) body.truncate = true;
    bodies.push(body);
  }
  return bodies.map((body) => curl("post", "/v1/embeddings", JSON.stringify(body))).join("\n\n");
}

/** A curl command for a request to this service. `body` is JSON. */
export function curl(method, path, body) {
  const address = quoted(location.origin + path);
  if (body === undefined) return method === "get" ? `curl ${address}` : `curl -X ${method.toUpperCase()} ${address}`;
  return `curl ${address} -H 'Content-Type: application/json' \\\n  -d ${quoted(body)}`;
}
