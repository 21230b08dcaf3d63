// The ranking: documents by nearness to a query, while the query is typed and while the slider moves.

import { afterPause, byID, element, ownText, say } from "./elements.js";
import { embedQuery } from "./embedding.js";
import { Cancelled } from "./service.js";
import { dot, shortened } from "./vectors.js";

let documents = [];
let dimensions = 1;
let query;
/** Cancels the request for a query that is no longer typed. */
let asking;
let hooks = { settings: () => ({}), moved: () => {} };

/** `settings()` are those of the page; `moved()` is called with each new query's vector. */
export function followQuery(given) {
  hooks = given;
  const ask = afterPause(120, askForQuery);
  byID("query").addEventListener("input", ask);
  byID("instruction").addEventListener("input", ask);
}

/** The vector of the query that is shown, whole; undefined while there is none. */
export const queryVector = () => query?.vector;

/** Ranks the documents among new `results`. */
export function rankDocuments(results) {
  documents = results.filter(({ role }) => role !== "query");
  askForQuery();
}

/** Shows the order of the documents by the first `kept` dimensions. */
export function showRanking(kept = dimensions) {
  dimensions = kept;
  const list = byID("ranking");
  const isReady = query && documents.length > 0 && query.vector.length === documents[0].vector.length;
  list.hidden = !isReady;
  byID("ranking-hint").textContent = hint(isReady);
  if (!isReady) return;
  const short = shortened(query.vector, dimensions);
  const ranked = documents
    .map((document) => ({ ...document, value: dot(short, shortened(document.vector, dimensions)) }))
    .sort((left, right) => right.value - left.value || left.number - right.number);
  showRanks(list, ranked.map(({ number, text, value }) => ({ number, text, share: value, figure: value.toFixed(3) })));
}

function hint(isReady) {
  if (isReady) return "Sorted as you type, and as the dimensions change.";
  if (documents.length === 0) return "The documents appear here, the nearest first.";
  return "Type a query: the documents appear here, the nearest first.";
}

/** Rows of {number, text, share, figure, note}, where the bar is as long as the share. Rows that move glide. */
export function showRanks(list, rows) {
  const before = new Map([...list.children].map((row) => [row.dataset.number, row.offsetTop]));
  list.replaceChildren(...rows.map(row));
  if (matchMedia("(prefers-reduced-motion: reduce)").matches || rows.length > 100) return;
  for (const made of list.children) {
    const distance = (before.get(made.dataset.number) ?? made.offsetTop) - made.offsetTop;
    if (distance !== 0) made.animate([{ transform: `translateY(${distance}px)` }, { transform: "none" }], { duration: 180, easing: "ease-out" });
  }
}

function row({ number, text, share, figure, note }) {
  const bar = element("span", { className: "rank-bar", attributes: { "aria-hidden": "true" } });
  bar.style.setProperty("--share", Math.max(0, Math.min(1, share)).toFixed(4));
  const made = element("li", {},
    element("span", { className: "number", text: number }),
    ownText(text.slice(0, 400) || "(empty text)", "what"),
    element("span", { className: "figure", text: figure }),
    bar);
  if (note) made.append(element("span", { className: "mark", text: note }));
  made.dataset.number = number;
  return made;
}

async function askForQuery() {
  asking?.abort();
  const text = byID("query").value;
  if (documents.length === 0) return;
  if (text.trim() === "") {
    query = undefined;
    say("query-problem", "");
    showRanking();
    hooks.moved();
    return;
  }
  const mine = (asking = new AbortController());
  try {
    const vector = await embedQuery(text, hooks.settings(), mine.signal);
    // A late answer is of a query that is no longer there.
    if (mine !== asking) return;
    query = { text, vector };
    say("query-problem", "");
    showRanking();
    hooks.moved();
  } catch (error) {
    if (error instanceof Cancelled || mine !== asking) return;
    query = undefined;
    showRanking();
    say("query-problem", error.message);
  }
}
