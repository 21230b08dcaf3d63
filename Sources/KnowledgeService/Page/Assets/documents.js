// The documents of the base, and those that could not be read.

import { byID, bytes, counted, element, ownText, say } from "./elements.js";
import { openDocument } from "./reading.js";
import { ask, call } from "./service.js";

const pageSize = 200;
let route;
let refused;
let changed;
let documents = [];
let hasMore = false;

export function followDocuments(routes, onRefusal, onChange) {
  [route, refused, changed] = [routes, onRefusal, onChange];
  byID("filter").addEventListener("input", draw);
  byID("more-documents").addEventListener("click", () => load(documents.at(-1)?.path));
}

/** Asks for the list again. */
export async function showDocuments() {
  await load(undefined);
}

async function load(after) {
  try {
    const answer = await ask(route(`documents?limit=${pageSize}${after === undefined ? "" : `&after=${encodeURIComponent(after)}`}`));
    documents = after === undefined ? answer.documents : [...documents, ...answer.documents];
    hasMore = answer.has_more;
    draw();
  } catch (refusal) {
    refused(refusal);
    say("upload-problem", refusal.message);
  }
}

function draw() {
  const part = byID("filter").value.trim().toLowerCase();
  const wanted = documents
    .filter(({ filename, title }) => `${filename} ${title ?? ""}`.toLowerCase().includes(part))
    .sort((left, right) => left.filename.localeCompare(right.filename));
  byID("filter-row").hidden = documents.length < 10;
  byID("more-documents").hidden = !hasMore;
  byID("documents").replaceChildren(...wanted.map(row));
}

function row(document) {
  const open = element("button", { className: "quiet open", attributes: { type: "button", dir: "auto" }, text: document.filename });
  open.addEventListener("click", () => openDocument(document.path));
  const facts = [
    document.title && document.title !== document.filename ? document.title : undefined, document.format,
    document.language, document.pages > 0 ? counted(document.pages, "page") : undefined,
    counted(document.chunks, "piece"), bytes(document.bytes),
  ].filter(Boolean);
  const line = element("li", {}, open, removal(document.path, document.filename), ownText(facts.join(" · "), "facts", "p"));
  for (const warning of document.warnings) line.append(element("p", { className: "facts warning", text: warning }));
  return line;
}

function removal(path, filename) {
  const button = element("button", {
    className: "quiet remove", text: "×", attributes: { type: "button", "aria-label": `Remove ${filename}`, title: `Remove ${filename}` },
  });
  button.addEventListener("click", async () => {
    // The second click removes: what was uploaded is deleted.
    if (!button.dataset.sure) {
      button.dataset.sure = "yes";
      button.textContent = "Remove?";
      setTimeout(() => {
        delete button.dataset.sure;
        button.textContent = "×";
      }, 4000);
      return;
    }
    try {
      await call("DELETE", route(`document?path=${encodeURIComponent(path)}`));
      say("upload-summary", `${filename} was removed.`);
      byID("choose").focus();
      await changed();
    } catch (refusal) {
      refused(refusal);
      say("upload-problem", refusal.message);
    }
  });
  return button;
}

let failuresShown = "[]";

export function showFailures(failures) {
  const key = JSON.stringify(failures);
  if (key === failuresShown) return;
  failuresShown = key;
  byID("failures-row").hidden = failures.length === 0;
  byID("failures").replaceChildren(...failures.map(({ path, filename, reason }) => element(
    "li", {}, ownText(filename, "name"), removal(path, filename), ownText(reason, "facts", "p"),
  )));
}
