// JSON schemas of the API's description, as words and as an example.

/** The schema behind a reference. */
export function resolved(schema, description) {
  const name = /^#\/components\/schemas\/(\w+)$/.exec(schema.$ref ?? "")?.[1];
  return name ? { ...resolved(description.components.schemas[name], description), ...withoutReference(schema) } : schema;
}

const withoutReference = ({ $ref: _, ...rest }) => rest;

/** A few words for the kind of a value: `text, or array of texts`. */
export function kind(schema, description) {
  const whole = resolved(schema, description);
  if (whole.enum) return whole.enum.filter((value) => value !== null).map((value) => JSON.stringify(value)).join(", ");
  if (whole.const !== undefined) return JSON.stringify(whole.const);
  const choices = whole.anyOf ?? whole.oneOf;
  if (choices) return [...new Set(choices.map((choice) => kind(choice, description)))].join(", or ");
  const types = [whole.type].flat().filter((type) => type && type !== "null");
  if (types.includes("array")) return `array of ${whole.items ? kind(whole.items, description) : "values"}`;
  return types.map((type) => ({ string: "text", boolean: "true or false" }[type] ?? type)).join(" or ") || "any";
}

/** A small value of a schema: the members that are required, with texts where texts are possible. */
export function example(schema, description) {
  const whole = resolved(schema, description);
  if (whole.const !== undefined) return whole.const;
  if (whole.enum) return whole.enum[0];
  if (whole.properties) {
    // Where one of several members will do, the first way is taken.
    const names = [...(whole.required ?? []), ...(whole.anyOf?.[0]?.required ?? [])];
    return Object.fromEntries(names.map((name) => [name, example(whole.properties[name], description)]));
  }
  const choices = whole.anyOf ?? whole.oneOf;
  if (choices) return example(choices[0], description);
  const [type] = [whole.type].flat();
  if (type === "array") return [example(whole.items ?? { type: "string" }, description)];
  return { string: "The file was not found.", integer: whole.minimum ?? 1, number: 1, boolean: true }[type] ?? null;
}
