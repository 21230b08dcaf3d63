// The reranker's judgment of the documents, where one is served.

import { byID, counted, element, grouped, say } from "./elements.js";
import { inParts } from "./parts.js";
import { showRanks } from "./ranking.js";
import { Cancelled, exchange } from "./service.js";
import { markProblem, texts } from "./texts.js";

let working;
let madeOf;

/** Shows the panel if there are rerankers of these `names`. */
export function offerRerankers(names) {
  byID("rerank-panel").hidden = names.length === 0;
  byID("reranker-row").hidden = names.length < 2;
  const select = byID("reranker");
  if ([...select.options].map(({ value }) => value).join("\n") === names.join("\n")) return;
  select.replaceChildren(...names.map((name) => element("option", { text: name, attributes: { value: name } })));
}

export function followReranking() {
  byID("rerank").addEventListener("click", rerank);
  byID("rerank-cancel").addEventListener("click", () => working?.abort());
  byID("playground").addEventListener("input", noteChanges);
}

/** Dims the probabilities while they are of another query or other documents. */
export function noteChanges() {
  const isOutdated = madeOf !== undefined && !working && JSON.stringify(asked()) !== madeOf;
  byID("rerank-outdated").hidden = !isOutdated;
  byID("reranked").classList.toggle("outdated-list", isOutdated);
}

const asked = () => ({
  model: byID("reranker").value,
  query: byID("query").value,
  instruction: byID("instruction").value,
  truncate: byID("cut").checked,
  documents: texts().filter(({ role }) => role !== "query"),
});

async function rerank() {
  if (working) return;
  const { documents, ...common } = asked();
  say("rerank-problem", "");
  if (common.query.trim() === "" || documents.length === 0) {
    say("rerank-problem", documents.length === 0 ? "There is no document among the texts." : "Type a query first.");
    return;
  }
  const start = performance.now();
  begin(documents.length);
  const judged = [];
  try {
    await inParts(documents, async (part) => {
      const { answer } = await exchange("/v1/rerank", { ...common, documents: part.map(({ text }) => text) }, working.signal);
      for (const { index, relevance_score: share, truncated } of answer.results) judged.push({ ...part[index], share, truncated });
    }, (done) => showProgress(done, documents.length));
    madeOf = JSON.stringify({ ...common, documents });
    judged.sort((left, right) => right.share - left.share || left.number - right.number);
    showRanks(byID("reranked"), judged.map(({ number, text, share, truncated }) => ({
      number, text, share, figure: percent(share), note: truncated ? "Cut to fit." : undefined,
    })));
    byID("reranked").hidden = false;
    say("rerank-summary", `${counted(documents.length, "document")}, ${grouped(Math.round(performance.now() - start))} ms.`);
  } catch (error) {
    say("rerank-summary", error instanceof Cancelled ? `Cancelled after ${judged.length} of ${counted(documents.length, "document")}.` : "");
    if (!(error instanceof Cancelled)) {
      say("rerank-problem", error.message);
      if (error.text) markProblem(error.text, error.message);
    }
  } finally {
    end();
    noteChanges();
  }
}

/** 0.9884 as 98.8 %; a small one keeps its first digits. */
const percent = (share) => `${share >= 0.001 || share === 0 ? (100 * share).toFixed(1) : (100 * share).toPrecision(1)} %`;

function begin(count) {
  working = new AbortController();
  byID("rerank").hidden = true;
  byID("rerank-cancel").hidden = false;
  byID("rerank-cancel").focus();
  showProgress(0, count);
}

function showProgress(done, count) {
  say("rerank-summary", `${grouped(done)} of ${counted(count, "document")} …`);
}

function end() {
  working = undefined;
  const hadFocus = document.activeElement === byID("rerank-cancel");
  byID("rerank").hidden = false;
  byID("rerank-cancel").hidden = true;
  if (hadFocus) byID("rerank").focus();
}
