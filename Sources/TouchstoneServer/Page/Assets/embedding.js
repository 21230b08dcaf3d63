// From texts to tokens and vectors, by the service's public routes.

import { inParts } from "./parts.js";
import { ask, exchange } from "./service.js";
import { decoded } from "./vectors.js";

/** The text before a query, as the model was trained with it. */
export const instructed = (instruction) => `Instruct: ${instruction}\nQuery:`;

/**
 * Embeds `inputs`, [{text, role, number}]. `settings` are {model, instruction, cut}.
 * Gives `results`, [{text, role, number, prompt, tokens, prefixLength, vector, used}] in their order; `used` is the
 * number of tokens in the vector, fewer than there are where the text was cut. Also `tokens`, their sum, and
 * `milliseconds`, the time of the passes alone, without waiting; undefined where the service does not tell it.
 */
export async function embedAll(inputs, settings, { signal, progress } = {}) {
  const results = new Map();
  let tokens = 0;
  let milliseconds = 0;
  // Queries and documents are different requests: an instruction is for a whole request.
  const byRole = [...inputs.filter(isQuery), ...inputs.filter((input) => !isQuery(input))];
  await inParts(byRole, async (part) => {
    const { answers, headers, used } = await embedPart(part, settings, signal);
    part.forEach((input, index) => results.set(input, answers[index]));
    tokens += used;
    milliseconds += Number(headers.get("x-inference-time") ?? NaN);
  }, progress);
  return {
    results: inputs.map((input) => results.get(input)),
    tokens,
    milliseconds: Number.isNaN(milliseconds) ? undefined : milliseconds,
  };
}

/** The vector of a query alone. */
export async function embedQuery(text, settings, signal) {
  let vector;
  await inParts([{ text, role: "query" }], async ([input]) => {
    const { answer } = await vectorsOf([input], settings, signal);
    vector = decoded(answer.data[0].embedding);
  });
  return vector;
}

const isQuery = ({ role }) => role === "query";

/** Vectors of inputs of one role, from one request. */
function vectorsOf(part, { model, instruction, cut }, signal) {
  const body = { model, input: part.map(({ text }) => text), encoding_format: "base64", truncate: cut };
  if (isQuery(part[0])) body.instruct = instruction;
  return exchange("/v1/embeddings", body, signal);
}

async function embedPart(part, settings, signal) {
  const prefix = isQuery(part[0]) ? instructed(settings.instruction) : "";
  const prompts = part.map(({ text }) => prefix + text);
  const [{ answer, headers }, tokens] = await Promise.all([
    vectorsOf(part, settings, signal),
    ask("/tokenize", { model: settings.model, inputs: prompts, add_special_tokens: true }, signal),
  ]);
  const cutTo = tokensAfterCut(answer, tokens);
  const answers = part.map((input, index) => ({
    ...input,
    prompt: prompts[index],
    vector: decoded(answer.data[index].embedding),
    tokens: tokens[index],
    prefixLength: [...prefix].length,
    used: answer.data[index].truncated ? cutTo : tokens[index].length,
  }));
  return { answers, headers, used: answer.usage.prompt_tokens };
}

/** How many tokens a text that was cut has left. The answer tells the sum; all that were cut are equally long. */
function tokensAfterCut({ data, usage }, tokens) {
  const cut = data.filter(({ truncated }) => truncated).length;
  const others = data.reduce((sum, { truncated }, index) => sum + (truncated ? 0 : tokens[index].length), 0);
  return cut === 0 ? undefined : Math.round((usage.prompt_tokens - others) / cut);
}
