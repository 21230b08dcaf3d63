// The page of explanations: a text and documents in, sections out. The sections are markup that the service has made and
// in which every text is escaped; they are shown and not run.

import { followAttention } from "./attention.js";
import { byID, counted, element, grouped, say } from "./elements.js";
import { ask, Cancelled, useKey } from "./service.js";

let working;

function showState(state, text) {
  byID("state").dataset.state = state;
  if (byID("state-text").textContent !== text) byID("state-text").textContent = text;
}

function askForKey() {
  if (!byID("key-card").hidden) return;
  byID("key-card").hidden = false;
  byID("key").focus();
}

/** Asks for the models until they are there. */
async function look() {
  try {
    const status = await ask("/status");
    byID("version").textContent = `touchstone ${status.version}`;
    if (status.models.length === 0) {
      showState("away", "loading");
      setTimeout(look, 700);
      return;
    }
    byID("key-card").hidden = true;
    say("key-problem", "");
    showState("ready", "ready");
    const chosen = byID("model").value;
    byID("model").replaceChildren(...status.models.map(({ name, task }) => element("option", {
      text: task === "reranking" ? `${name} (reranker)` : name, attributes: { value: name, "data-task": task },
    })));
    if (status.models.some(({ name }) => name === chosen)) byID("model").value = chosen;
    const embedder = status.models.find(({ task }) => task === "embedding");
    if (!chosen && embedder) byID("model").value = embedder.name;
  } catch (refusal) {
    if (refusal.status === undefined) throw refusal;
    showState(refusal.status === 401 ? "locked" : "away", refusal.status === 401 ? "key needed" : "not reachable");
    if (refusal.status === 401) askForKey();
    else setTimeout(look, 4000);
  }
}

function request() {
  const documents = ["document-a", "document-b"].map((id) => byID(id).value).filter((text) => text.trim() !== "");
  const body = { text: byID("text").value, markup: true };
  if (documents.length > 0) body.documents = documents;
  for (const id of ["model", "role", "activations"]) if (byID(id).value) body[id] = byID(id).value;
  return body;
}

async function explain() {
  if (working) return;
  say("problem", "");
  const body = request();
  if (body.text.trim() === "") return complain("Type a text first.", "text");
  if (byID("model").selectedOptions[0]?.dataset.task === "reranking" && !body.documents) {
    return complain("A reranker reads a query and a document together. Add a document.", "document-a");
  }
  working = new AbortController();
  byID("explain").disabled = true;
  byID("cancel").hidden = false;
  byID("result").classList.add("outdated-result");
  say("summary", "The model is at work …");
  const start = performance.now();
  try {
    const answer = await ask("/v1/explain", body, working.signal);
    const answered = performance.now();
    show(answer);
    say("summary", `${counted(answer.tokens.length, "token")} explained in ${grouped(Math.round(answered - start))} ms.`);
    byID("result").dataset.shown = String(Math.round(performance.now() - answered));
  } catch (refusal) {
    if (refusal instanceof Cancelled) {
      say("summary", "Cancelled.");
    } else {
      say("summary", "");
      complain(refusal.message);
      if (refusal.status === 401) askForKey();
    }
  } finally {
    working = undefined;
    byID("explain").disabled = false;
    byID("cancel").hidden = true;
    byID("result").classList.remove("outdated-result");
  }
}

function complain(sentence, id) {
  say("problem", sentence);
  if (id) byID(id).focus();
}

function show(answer) {
  // A document of its own, without scripts: what it holds is adopted as it was parsed.
  const parsed = new DOMParser().parseFromString(answer.markup, "text/html");
  byID("result").replaceChildren(...[...parsed.body.children].filter(({ tagName }) => tagName === "SECTION"));
  byID("contents").replaceChildren(...[...byID("result").querySelectorAll("h2")].map((heading) => (
    element("a", { text: heading.textContent, attributes: { href: `#${heading.closest("section").id}` } })
  )));
  byID("contents").hidden = false;
  followAttention(byID("result"), answer.attention);
  byID("result").focus({ preventScroll: true });
}

/** Texts in the address, behind #: another page asks for an explanation. Browsers do not send them. */
function readAddress() {
  let wanted;
  try {
    wanted = JSON.parse(decodeURIComponent(location.hash.slice(1)));
  } catch {
    return false;
  }
  if (typeof wanted?.text !== "string") return false;
  byID("text").value = wanted.text;
  const documents = Array.isArray(wanted.documents) ? wanted.documents : [];
  ["document-a", "document-b"].forEach((id, index) => { byID(id).value = typeof documents[index] === "string" ? documents[index] : ""; });
  return true;
}

function labelText() {
  const hasDocument = byID("document-a").value.trim() !== "" || byID("document-b").value.trim() !== "";
  byID("text-label").textContent = hasDocument ? "A query" : "A text";
}

byID("form").addEventListener("submit", (event) => {
  event.preventDefault();
  explain();
});
byID("cancel").addEventListener("click", () => working?.abort());
for (const id of ["document-a", "document-b"]) byID(id).addEventListener("input", labelText);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") working?.abort();
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) explain();
});
byID("key-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const hasKey = byID("key").value.trim() !== "";
  useKey(byID("key").value);
  await look();
  if (byID("key-card").hidden) byID("text").focus();
  else say("key-problem", hasKey ? "This is not a key of the service. Compare it with the one that you were given, letter by letter." : "Type the key first.");
});

const isAsked = readAddress();
if (!isAsked) byID("text").value = "The file was not found.";
labelText();
await look();
if (isAsked && byID("model").value) explain();
