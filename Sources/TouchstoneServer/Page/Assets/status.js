// The state of the service, asked for every two seconds while the page is looked at.

import { byID, bytes, counted, element, grouped, say } from "./elements.js";
import { ask } from "./service.js";

const interval = 2000;
const rates = [];
let previous;

/** Begins to ask; `seen` gets each answer, or the refusal. */
export function watchStatus(seen) {
  const look = async () => {
    if (!document.hidden) await update(seen);
    setTimeout(look, interval);
  };
  look();
}

/** Asks once, and shows the answer. */
export async function update(seen) {
  try {
    const status = await ask("/status");
    show(status);
    seen(status, undefined);
  } catch (refusal) {
    const isLocked = refusal.status === 401;
    showState(isLocked ? "locked" : "away", isLocked ? "key needed" : "not reachable");
    showAge();
    seen(undefined, refusal);
  }
}

/** The speed of the page's own last pass, without the time in which nothing was asked. */
export function showPass({ tokens, milliseconds }) {
  // The service tells whole milliseconds: of a short pass they make no speed.
  const speed = milliseconds >= 50 ? `${grouped(Math.round((1000 * tokens) / milliseconds))} tokens/s`
    : `${counted(tokens, "token")} in ${Math.max(1, milliseconds)} ms`;
  byID("last-pass").textContent = milliseconds === undefined ? "" : `last pass: ${speed}`;
}

function show(status) {
  showState(status.state, status.state);
  byID("service").classList.remove("outdated-figures");
  say("figures-of", "");
  showWork(status);
  byID("waiting").textContent = grouped(status.waiting);
  byID("requests").textContent = grouped(status.requests);
  byID("tokens-total").textContent = grouped(status.tokens);
  byID("memory").textContent = status.memory_bytes === null ? "–" : bytes(status.memory_bytes);
  byID("kernels").textContent = status.threads === null ? status.kernels ?? "–" : `${status.kernels}×${status.threads}`;
  byID("uptime").textContent = duration(status.uptime_seconds);
  byID("version").textContent = `touchstone ${status.version}`;
  for (const id of ["knowledge-link", "knowledge-top"]) byID(id).hidden = !status.knowledge;
  for (const id of ["explain-link", "explain-top"]) byID(id).hidden = !status.explain;
  byID("models").replaceChildren(...status.models.map(modelLine));
  previous = { tokens: status.tokens, waiting: status.waiting, time: performance.now(), clock: new Date() };
}

/** The speed while the service is busy, and a line of the last sixty looks. */
function showWork(status) {
  const done = previous === undefined ? 0 : Math.max(0, status.tokens - previous.tokens);
  const rate = done === 0 ? 0 : (1000 * done) / (performance.now() - previous.time);
  // A rate is the engine's only where it had work from one look to the next; else idle time would be in it.
  const wasBusyAllAlong = status.waiting > 0 && previous?.waiting > 0 && done > 0;
  const word = status.waiting > 0 || done > 0 ? "at work" : "idle";
  byID("rate").textContent = wasBusyAllAlong ? `${grouped(Math.round(rate))} tokens/s` : word;
  rates.push(rate);
  if (rates.length > 60) rates.shift();
  const largest = Math.max(1, ...rates);
  const points = rates.map((value, index) => `${60 - rates.length + index} ${(19 - (18 * value) / largest).toFixed(1)}`);
  byID("history").firstElementChild.setAttribute("d", points.length > 1 ? `M${points.join("L")}` : "");
}

/** Figures that cannot be renewed say of when they are. */
function showAge() {
  if (!previous) return;
  byID("service").classList.add("outdated-figures");
  byID("rate").textContent = "–";
  say("figures-of", `These figures are of ${previous.clock.toLocaleTimeString("en-GB")}, the last answer of the service.`);
}

/** The text is changed only when it differs, so that screen readers say it once. */
function showState(state, text) {
  byID("state").dataset.state = state;
  if (byID("state-text").textContent !== text) byID("state-text").textContent = text;
}

function modelLine(model) {
  const facts = [
    model.task === "reranking" && "reranker",
    model.parameters && `${parameters(model.parameters)} parameters`,
    model.weights && `most bytes in ${model.weights}`,
    model.weight_bytes && bytes(model.weight_bytes),
    model.activations && `${model.activations} activations`,
    model.dimensions && `${grouped(model.dimensions)} dimensions`,
    model.context_length && `texts of up to ${grouped(model.context_length)} tokens`,
    model.problem,
  ].filter(Boolean);
  return element("li", {}, element("strong", { text: model.name }), facts.length ? ` · ${facts.join(" · ")}` : "");
}

function parameters(count) {
  return count >= 1e9 ? `${(count / 1e9).toFixed(1)} billion` : `${(count / 1e6).toFixed(1)} million`;
}

function duration(seconds) {
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  const hours = Math.floor(seconds / 3600);
  return hours < 48 ? `${hours} h ${Math.floor(seconds / 60) % 60} min` : `${Math.floor(hours / 24)} days`;
}
