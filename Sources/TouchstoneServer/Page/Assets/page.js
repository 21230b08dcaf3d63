// The playground: from the texts in the boxes to tokens, vectors and similarities.

import { byID, element, grouped } from "./elements.js";
import { showDimensions, showInside } from "./inside.js";
import { showMatrix } from "./matrix.js";
import { ask, useKey } from "./service.js";
import { shellCommand } from "./shell.js";
import { update, watchStatus } from "./status.js";
import { addText, texts } from "./texts.js";
import { decoded, similarities } from "./vectors.js";

/** What was embedded last: [{text, role, tokens, prefixLength, vector}]. */
let results = [];
let working = false;

const instructed = (instruction) => `Instruct: ${instruction}\nQuery:`;

/** Vectors of the inputs of one role, in their order. */
async function embed(inputs, model, instruction) {
  if (inputs.length === 0) return [];
  const body = { model, input: inputs.map(({ text }) => text), encoding_format: "base64" };
  if (instruction !== undefined) body.instruct = instruction;
  const answer = await ask("/v1/embeddings", body);
  return answer.data.map(({ embedding }) => decoded(embedding));
}

/** Asks for all vectors and tokens. Documents and queries are two requests: an instruction is for a whole request. */
async function resultsOf(inputs, model, instruction) {
  const queries = inputs.filter(({ role }) => role === "query");
  const documents = inputs.filter(({ role }) => role !== "query");
  const prefix = instructed(instruction);
  const prompts = inputs.map(({ text, role }) => (role === "query" ? prefix + text : text));
  const [ofQueries, ofDocuments, tokens] = await Promise.all([
    embed(queries, model, instruction),
    embed(documents, model),
    ask("/tokenize", { model, inputs: prompts, add_special_tokens: true }),
  ]);
  return inputs.map((input, index) => ({
    ...input,
    vector: input.role === "query" ? ofQueries.shift() : ofDocuments.shift(),
    tokens: tokens[index],
    prefixLength: input.role === "query" ? [...prefix].length : 0,
  }));
}

async function run() {
  const inputs = texts();
  if (working || inputs.length === 0) return;
  setWorking(true);
  const start = performance.now();
  try {
    results = await resultsOf(inputs, byID("model").value || undefined, byID("instruction").value);
    const milliseconds = Math.round(performance.now() - start);
    const tokens = results.reduce((sum, result) => sum + result.tokens.length, 0);
    showResults(inputs);
    byID("summary").textContent =
      `${inputs.length} ${inputs.length === 1 ? "text" : "texts"}, ${grouped(tokens)} tokens, ${grouped(milliseconds)} ms.`;
    say("");
  } catch (refusal) {
    say(refusal.message);
    byID("summary").textContent = "";
    if (refusal.status === 401) askForKey();
  } finally {
    setWorking(false);
  }
}

function setWorking(now) {
  working = now;
  byID("embed").disabled = now;
  byID("form").setAttribute("aria-busy", now);
}

/** Shows a sentence about what went wrong, or none. */
function say(sentence) {
  byID("problem").textContent = sentence;
  byID("problem").hidden = sentence === "";
}

function showResults(inputs) {
  const whole = results[0].vector.length;
  for (const field of [byID("dimensions"), byID("dimensions-number")]) {
    const showedAll = field.value === field.max;
    field.max = whole;
    if (showedAll || Number(field.value) > whole) field.value = whole;
  }
  byID("dimensions-of").textContent = `of ${grouped(whole)}`;
  byID("empty").hidden = true;
  byID("result").hidden = false;
  byID("inside").hidden = false;
  showInside(results);
  byID("shell").textContent = shellCommand(inputs, byID("model").value, byID("instruction").value);
  applyDimensions(Number(byID("dimensions").value));
}

/** Everything that depends on the slider, computed from the whole vectors. */
function applyDimensions(wanted) {
  if (results.length === 0 || !Number.isFinite(wanted)) return;
  const whole = results[0].vector.length;
  const dimensions = Math.max(1, Math.min(whole, Math.round(wanted)));
  byID("dimensions").value = dimensions;
  if (document.activeElement !== byID("dimensions-number")) byID("dimensions-number").value = dimensions;
  showMatrix(results.map(({ text }) => text), similarities(results.map(({ vector }) => vector), dimensions), dimensions, whole);
  showDimensions(dimensions);
}

function askForKey() {
  // A link carries no key.
  for (const link of document.querySelectorAll(".keyed")) link.hidden = true;
  if (!byID("key-card").hidden) return;
  byID("key-card").hidden = false;
  byID("key").focus();
}

/** Offers the models that make vectors, where there are several. */
function offerModels(models) {
  const names = models.filter(({ task }) => task === "embedding").map(({ name }) => name);
  const select = byID("model");
  if ([...select.options].map(({ value }) => value).join("\n") === names.join("\n")) return;
  select.replaceChildren(...names.map((name) => element("option", { text: name, attributes: { value: name } })));
  byID("model-row").hidden = names.length < 2;
}

function seen(status, refusal) {
  if (status) offerModels(status.models);
  if (status) byID("key-card").hidden = true;
  if (refusal?.status === 401) askForKey();
}

addText("How do I delete a file?", "query");
addText("To remove a file, use rm.");
addText("Pour supprimer un fichier, utilisez rm.");
addText("The printer is out of paper.");

byID("add").addEventListener("click", () => addText().focus());
byID("form").addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
byID("form").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) run();
});
byID("dimensions").addEventListener("input", (event) => applyDimensions(event.target.valueAsNumber));
byID("dimensions-number").addEventListener("input", (event) => applyDimensions(event.target.valueAsNumber));
byID("key-form").addEventListener("submit", (event) => {
  event.preventDefault();
  useKey(byID("key").value);
  say("");
  update((status, refusal) => {
    seen(status, refusal);
    if (refusal?.status === 401) say(refusal.message);
    else byID("embed").focus();
  });
});
watchStatus(seen);
