// The playground: from the texts in the boxes to tokens, vectors, ranking, matrix and map.

import { beforeNextPicture, byID, counted, grouped, say } from "./elements.js";
import { embedAll } from "./embedding.js";
import { showDimensions, showInside } from "./inside.js";
import { showMap } from "./map.js";
import { showMatrix } from "./matrix.js";
import { queryVector, rankDocuments, showRanking } from "./ranking.js";
import { Cancelled } from "./service.js";
import { shellCommand } from "./shell.js";
import { showPass } from "./status.js";
import { clearMarks, manyTexts, markCuts, markProblem, texts } from "./texts.js";
import { dot, shortened, similarities } from "./vectors.js";

/** What was embedded last: see embedAll. */
let results = [];
/** What it was made of, to see whether the boxes have changed since. */
let madeOf;
/** Cancels the pass that is on its way. */
let working;

/** How the service is to embed, as the page says now. */
export const settings = () => ({
  model: byID("model").value || undefined,
  instruction: byID("instruction").value,
  cut: byID("cut").checked,
});

/** Embeds all texts. `refused` gets a refusal after it was shown. */
export async function run(refused) {
  const inputs = texts();
  if (working) return;
  say("problem", "");
  clearMarks();
  if (inputs.length === 0) {
    say("problem", "There is no text to embed. Add one.");
    return;
  }
  const chosen = settings();
  const source = sourceOf(inputs, chosen);
  const start = performance.now();
  begin(inputs.length);
  try {
    const pass = await embedAll(inputs, chosen, { signal: working.signal, progress: (done) => showProgress(done, inputs.length) });
    ({ results } = pass);
    madeOf = source;
    showResults(inputs, chosen);
    markCuts(results);
    showPass(pass);
    say("summary", `${counted(inputs.length, "text")}, ${counted(pass.tokens, "token")}, ${grouped(Math.round(performance.now() - start))} ms.`);
  } catch (error) {
    if (error instanceof Cancelled) {
      say("summary", `Cancelled after ${byID("progress").value} of ${counted(inputs.length, "text")}.`);
    } else {
      say("summary", "");
      say("problem", error.message);
      if (error.text) markProblem(error.text, error.message);
      refused?.(error);
    }
  } finally {
    end();
    noteChanges();
  }
}

export function cancel() {
  working?.abort();
}

/** Dims the results while the boxes say something else than they were made of. */
export function noteChanges() {
  const isOutdated = results.length > 0 && !working && sourceOf(texts(), settings()) !== madeOf;
  document.body.classList.toggle("outdated-results", isOutdated);
  for (const sentence of document.querySelectorAll("[data-outdated]")) sentence.hidden = !isOutdated;
}

const sourceOf = (inputs, chosen) => JSON.stringify([inputs, chosen]);

function begin(count) {
  working = new AbortController();
  const hadFocus = document.activeElement === byID("embed");
  byID("form").setAttribute("aria-busy", "true");
  byID("embed").hidden = true;
  byID("cancel").hidden = false;
  byID("progress").hidden = false;
  if (hadFocus) byID("cancel").focus();
  showProgress(0, count);
}

function showProgress(done, count) {
  byID("progress").max = count;
  byID("progress").value = done;
  say("summary", `${grouped(done)} of ${counted(count, "text")} …`);
}

function end() {
  working = undefined;
  const hadFocus = document.activeElement === byID("cancel");
  byID("form").setAttribute("aria-busy", "false");
  byID("embed").hidden = false;
  byID("cancel").hidden = true;
  byID("progress").hidden = true;
  if (hadFocus) byID("embed").focus();
}

function showResults(inputs, chosen) {
  const whole = results[0].vector.length;
  for (const field of [byID("dimensions"), byID("dimensions-number")]) {
    const showedAll = field.value === field.max;
    field.max = whole;
    if (showedAll || Number(field.value) > whole) field.value = whole;
  }
  byID("dimensions-of").textContent = `of ${grouped(whole)}`;
  byID("dimensions-row").hidden = false;
  byID("result").hidden = false;
  // Many texts in a picture without figures are easier to see with alike ones together.
  if (!byID("order").dataset.chosen) byID("order").value = results.length > manyTexts ? "clustered" : "given";
  showInside(results);
  byID("shell").textContent = shellCommand(inputs, chosen);
  rankDocuments(results);
  applyDimensions(byID("dimensions").valueAsNumber);
}

/** Everything that depends on the slider, computed from the whole vectors. */
export function applyDimensions(wanted) {
  if (results.length === 0 || !Number.isFinite(wanted)) return;
  const whole = results[0].vector.length;
  const dimensions = Math.max(1, Math.min(whole, Math.round(wanted)));
  byID("dimensions").value = dimensions;
  if (document.activeElement !== byID("dimensions-number")) byID("dimensions-number").value = dimensions;
  redraw();
}

const redraw = beforeNextPicture(drawNow);

function drawNow() {
  const dimensions = byID("dimensions").valueAsNumber;
  const values = similarities(results.map(({ vector }) => vector), dimensions);
  showRanking(dimensions);
  showMatrix(results, values, { dimensions, whole: results[0].vector.length, order: byID("order").value, nearness: nearnessToQuery(dimensions) });
  showMap(results, values);
  showDimensions(dimensions);
}

/** For the matrix in the order of nearness; undefined while there is no query. */
function nearnessToQuery(dimensions) {
  const query = queryVector();
  if (!query || query.length !== results[0].vector.length) return undefined;
  const short = shortened(query, dimensions);
  return results.map(({ vector }) => dot(short, shortened(vector, dimensions)));
}

/** Draws again with what there is: another order, another query, another theme. */
export function drawAgain() {
  if (results.length > 0) redraw();
}
