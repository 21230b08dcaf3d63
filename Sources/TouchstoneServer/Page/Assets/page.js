// The page: what its buttons do, its key, its models.

import { contents, restoreContents } from "./contents.js";
import { copyFor } from "./copying.js";
import { byID, element, say } from "./elements.js";
import { takeMany } from "./many.js";
import { applyDimensions, cancel, drawAgain, noteChanges, run, settings } from "./playground.js";
import { followQuery } from "./ranking.js";
import { followReranking, noteChanges as noteRerankingChanges, offerRerankers } from "./reranking.js";
import { offerRoutes } from "./routes.js";
import { useKey } from "./service.js";
import { update, watchStatus } from "./status.js";
import { addText } from "./texts.js";

/** Texts of up to so many characters are embedded by themselves when the page opens: a moment's work. */
const mostByItself = 4000;
let hasRun = false;

function embed() {
  hasRun = true;
  run((refusal) => { if (refusal.status === 401) askForKey(); });
}

/** The first look: the examples, or a few texts that were remembered, are embedded without a click. */
function embedByItself() {
  const { texts } = contents();
  const characters = texts.reduce((sum, { text }) => sum + text.length, 0);
  if (hasRun || characters === 0 || characters > mostByItself) return;
  embed();
}

function askForKey() {
  // A link carries no key.
  for (const link of document.querySelectorAll(".keyed")) link.hidden = true;
  if (!byID("key-card").hidden) return;
  byID("key-card").hidden = false;
  byID("key").focus();
}

function sayKey(sentence) {
  say("key-problem", sentence);
  byID("key").toggleAttribute("aria-invalid", sentence !== "");
}

/** Offers the models for each task; a choice of one is none. */
function offerModels(models) {
  const named = (task) => models.filter((model) => model.task === task).map(({ name }) => name);
  offerRerankers(named("reranking"));
  const names = named("embedding");
  byID("embed").disabled = names.length === 0;
  const select = byID("model");
  if ([...select.options].map(({ value }) => value).join("\n") === names.join("\n")) return;
  select.replaceChildren(...names.map((name) => element("option", { text: name, attributes: { value: name } })));
  byID("model-row").hidden = names.length < 2;
}

function seen(status, refusal) {
  if (refusal?.status === 401) askForKey();
  if (!status) return;
  byID("key-card").hidden = true;
  sayKey("");
  offerModels(status.models);
  if (status.state !== "ready") return;
  if (status.models.some(({ task }) => task === "embedding")) embedByItself();
  else say("summary", "This service has no model for embeddings.");
}

function textsChanged() {
  noteChanges();
  noteRerankingChanges();
  byID("query").dispatchEvent(new Event("input"));
}

restoreContents(textsChanged);
takeMany((sentence) => say("problem", sentence));
followQuery({ settings, moved: drawAgain });
followReranking();
offerRoutes();

byID("add").addEventListener("click", () => {
  addText().focus();
  noteChanges();
});
byID("form").addEventListener("submit", (event) => {
  event.preventDefault();
  embed();
});
byID("form").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) embed();
});
document.addEventListener("keydown", (event) => { if (event.key === "Escape") cancel(); });
byID("cancel").addEventListener("click", cancel);
byID("playground").addEventListener("input", noteChanges);
byID("dimensions").addEventListener("input", (event) => applyDimensions(event.target.valueAsNumber));
byID("dimensions-number").addEventListener("input", (event) => applyDimensions(event.target.valueAsNumber));
byID("order").addEventListener("input", (event) => {
  event.target.dataset.chosen = "yes";
  drawAgain();
});
byID("copy-shell").addEventListener("click", () => copyFor(byID("copy-shell"), byID("shell").textContent));
byID("key-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const hasKey = byID("key").value.trim() !== "";
  useKey(byID("key").value);
  update((status, refusal) => {
    seen(status, refusal);
    if (refusal?.status === 401) {
      sayKey(hasKey ? "This is not a key of the service. Compare it with the one that you were given, letter by letter."
        : "Type the key first.");
      byID("key").select();
    } else if (refusal) {
      sayKey(refusal.message);
    } else {
      byID("embed").focus();
    }
  });
});
watchStatus(seen);
