// The page of knowledge bases: which one is shown, what it is doing, the key.

import { showDocuments, showFailures, followDocuments } from "./documents.js";
import { byID, counted, element, grouped, say } from "./elements.js";
import { followReader } from "./reading.js";
import { followSearch, offerExplanations, offerLanguages, searchAgain } from "./searching.js";
import { ask, call, useKey } from "./service.js";
import { followUploads } from "./uploading.js";

/** How often the state is asked for: often while there is work. */
const busyInterval = 700;
const idleInterval = 4000;

let base;
let wasBusy = false;
let shown = "";
let timer;

/** The path of a route of the base that is shown. */
const route = (path) => `/v1/knowledge/${encodeURIComponent(base)}/${path}`;

function showState(state, text) {
  byID("state").dataset.state = state;
  if (byID("state-text").textContent !== text) byID("state-text").textContent = text;
}

function askForKey() {
  if (!byID("key-card").hidden) return;
  byID("key-card").hidden = false;
  byID("key").focus();
}

function sayKey(sentence) {
  say("key-problem", sentence);
  byID("key").toggleAttribute("aria-invalid", sentence !== "");
}

/** Asks for the bases once, then for the state of the chosen one again and again. */
async function look() {
  clearTimeout(timer);
  let isBusy = false;
  try {
    if (base === undefined) await findBases();
    isBusy = show(await ask(route("status")));
    showState("ready", "ready");
    byID("key-card").hidden = true;
    sayKey("");
  } catch (refusal) {
    if (refusal.status === undefined) throw refusal;
    showState(refusal.status === 401 ? "locked" : "away", refusal.status === 401 ? "key needed" : refusal.status === 503 ? "loading" : "not reachable");
    if (refusal.status === 401) askForKey();
  }
  clearTimeout(timer);
  timer = setTimeout(() => (document.hidden ? waitUntilSeen() : look()), isBusy ? busyInterval : idleInterval);
}

function waitUntilSeen() {
  document.addEventListener("visibilitychange", look, { once: true });
}

async function findBases() {
  const { bases } = await ask("/v1/knowledge");
  byID("base").replaceChildren(...bases.map(({ name, label }) => element("option", {
    text: label && label !== name ? `${label} (${name})` : name, attributes: { value: name },
  })));
  byID("base").hidden = bases.length < 2;
  const wanted = new URLSearchParams(location.search).get("base");
  base = bases.find(({ name }) => name === wanted)?.name ?? bases[0].name;
  byID("base").value = base;
  byID("base-heading").textContent = bases.length < 2 ? base : "Base";
  const service = await ask("/status");
  byID("version").textContent = `touchstone ${service.version}`;
  offerExplanations(Boolean(service.explain));
}

/** Shows the state; says whether there is work. */
function show(status) {
  byID("documents-count").textContent = grouped(status.documents);
  byID("chunks-count").textContent = grouped(status.chunks);
  byID("tokens-count").textContent = grouped(status.tokens);
  const languages = Object.entries(status.languages).map(([code, count]) => `${code} ${grouped(count)}`).join(", ");
  byID("languages").textContent = languages || "–";
  byID("languages").title = languages;
  byID("model").textContent = status.model;
  byID("model").title = `${status.model}, fingerprint ${status.fingerprint}`;
  byID("reranker").textContent = status.reranker ?? "none";
  byID("rerank-row").hidden = status.reranker === null;
  for (const [id, value] of [["chunk-tokens", status.chunk_tokens], ["overlap", status.overlap_percent]]) {
    if (document.activeElement !== byID(id) && !byID(id).dataset.changed) byID(id).value = value;
  }
  offerLanguages(Object.keys(status.languages));
  showWork(status.work);
  showFailures(status.failures);
  const key = JSON.stringify([base, status.documents, status.chunks, status.tokens]);
  if (key !== shown || (wasBusy && status.work === null)) {
    shown = key;
    showDocuments();
    if (wasBusy && status.work === null) searchAgain();
  }
  wasBusy = status.work !== null;
  return wasBusy;
}

function showWork(work) {
  byID("work").hidden = work === null;
  byID("reindex").disabled = work !== null;
  if (work === null) return;
  byID("work-progress").max = Math.max(1, work.of_documents);
  byID("work-progress").value = work.documents;
  const parts = [`${grouped(work.documents)} of ${counted(work.of_documents, "document")}`, `${counted(work.chunks_embedded, "piece")} embedded`];
  if (work.seconds_left !== null) parts.push(`${duration(work.seconds_left)} left`);
  if (work.locked_out) parts.push("waiting: another process writes to the base");
  byID("work-text").textContent = `${parts.join(", ")}.`;
}

const duration = (seconds) => (seconds < 90 ? `${Math.ceil(seconds)} s` : seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`);

followReader(route);
followSearch(route, refused);
followDocuments(route, refused, look);
followUploads(route, refused, look);

/** What every part does with a refusal that is about the key. */
function refused(refusal) {
  if (refusal.status === 401) askForKey();
}

byID("base").addEventListener("change", () => {
  base = byID("base").value;
  shown = "";
  byID("hits").hidden = true;
  say("search-summary", "");
  look();
});
for (const id of ["chunk-tokens", "overlap"]) byID(id).addEventListener("input", () => { byID(id).dataset.changed = "yes"; });
byID("reindex-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  say("reindex-problem", "");
  try {
    await call("POST", route("reindex"), { chunk_tokens: byID("chunk-tokens").valueAsNumber || null, overlap_percent: Number.isNaN(byID("overlap").valueAsNumber) ? null : byID("overlap").valueAsNumber });
    for (const id of ["chunk-tokens", "overlap"]) delete byID(id).dataset.changed;
    wasBusy = true;
    await look();
  } catch (refusal) {
    refused(refusal);
    say("reindex-problem", refusal.message);
  }
});
byID("key-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const hasKey = byID("key").value.trim() !== "";
  useKey(byID("key").value);
  await look();
  if (byID("key-card").hidden) {
    byID("query").focus();
  } else {
    sayKey(hasKey ? "This is not a key of the service. Compare it with the one that you were given, letter by letter." : "Type the key first.");
    byID("key").select();
  }
});
look();
