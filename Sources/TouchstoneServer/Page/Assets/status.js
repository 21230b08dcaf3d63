// The state of the service, asked for every two seconds while the page is looked at.

import { byID, bytes, element, grouped } from "./elements.js";
import { ask } from "./service.js";

const interval = 2000;
const rates = [];

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
    showState(refusal.status === 401 ? "locked" : "away", refusal.status === 401 ? "key needed" : "not reachable");
    seen(undefined, refusal);
  }
}

function show(status) {
  showState(status.state, status.state);
  byID("rate").textContent = grouped(Math.round(status.tokens_per_second));
  byID("waiting").textContent = grouped(status.waiting);
  byID("requests").textContent = grouped(status.requests);
  byID("tokens-total").textContent = grouped(status.tokens);
  byID("memory").textContent = status.memory_bytes === null ? "–" : bytes(status.memory_bytes);
  byID("kernels").textContent = status.threads === null ? status.kernels : `${status.kernels}×${status.threads}`;
  byID("uptime").textContent = duration(status.uptime_seconds);
  byID("version").textContent = `touchstone ${status.version}`;
  byID("models").replaceChildren(...status.models.map(modelLine));
  showHistory(status.tokens_per_second);
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
    model.weights && `mostly ${model.weights}`,
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

/** The last sixty rates as a line. */
function showHistory(rate) {
  rates.push(rate);
  if (rates.length > 60) rates.shift();
  const largest = Math.max(1, ...rates);
  const points = rates.map((value, index) => `${60 - rates.length + index} ${(19 - (18 * value) / largest).toFixed(1)}`);
  byID("history").firstElementChild.setAttribute("d", points.length > 1 ? `M${points.join("L")}` : "");
}
