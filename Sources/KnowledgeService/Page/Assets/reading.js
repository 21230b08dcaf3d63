// A document as it was read, with the places where it is cut.

import { byID, counted, element, grouped, ownText, say } from "./elements.js";
import { ask } from "./service.js";

/** Pieces that are asked for at once. */
const step = 60;
let route;
let path;
let found;
let first = 0;
let last = 0;
let count = 0;
let opener;

export function followReader(routes) {
  route = routes;
  byID("reader-close").addEventListener("click", () => byID("reader").close());
  byID("reader").addEventListener("close", () => opener?.focus());
  byID("reader").addEventListener("click", (event) => {
    // The dialog itself is hit only beside its contents.
    if (event.target === byID("reader")) byID("reader").close();
  });
  byID("reader-earlier").addEventListener("click", () => load(Math.max(0, first - step), first, "before"));
  byID("reader-later").addEventListener("click", () => load(last, last + step, "after"));
}

/** Opens a document; `passage` is {start, end, words} of what was found in it. */
export async function openDocument(documentPath, passage) {
  [path, found, first, last, count, opener] = [documentPath, passage, 0, 0, 0, document.activeElement];
  byID("reader-heading").textContent = documentPath.split("/").at(-1);
  byID("reader-facts").textContent = "";
  byID("reader-text").replaceChildren();
  byID("reader-earlier").hidden = true;
  byID("reader-later").hidden = true;
  say("reader-problem", "");
  if (!byID("reader").open) byID("reader").showModal();
  await load(0, step, "after");
  // The passage may be far behind the beginning.
  while (found && last < count && !byID("reader-text").querySelector(".found") && !byID("reader-problem").textContent) {
    byID("reader-text").replaceChildren();
    first = last;
    await load(last, last + step, "after");
  }
  const place = byID("reader-text").querySelector(".found");
  if (place) place.scrollIntoView({ block: "center" });
  else byID("reader").scrollTop = 0;
  byID("reader-text").focus({ preventScroll: true });
}

async function load(from, to, where) {
  try {
    const answer = await ask(route(`document?path=${encodeURIComponent(path)}&from=${from}&limit=${to - from}`));
    const { document: facts, pieces } = answer;
    count = answer.of_pieces;
    byID("reader-heading").textContent = facts.title ?? facts.filename;
    byID("reader-facts").textContent = [
      facts.filename, facts.format, facts.language, facts.pages > 0 ? counted(facts.pages, "page") : undefined,
      counted(count, "piece"), `${grouped(answer.bytes)} bytes of text`,
    ].filter(Boolean).join(" · ");
    const nodes = pieces.flatMap(drawn);
    if (where === "after") byID("reader-text").append(...nodes);
    else byID("reader-text").prepend(...nodes);
    if (where === "after") last = from + pieces.length;
    else first = from;
    byID("reader-earlier").hidden = first === 0;
    byID("reader-later").hidden = last >= count;
  } catch (refusal) {
    if (refusal.status === undefined) throw refusal;
    say("reader-problem", refusal.message);
  }
}

/** A piece with its head; the text between pieces beside it. */
function drawn(piece) {
  const isFound = found && piece.start === found.start && piece.end === found.end;
  const place = piece.page === null || piece.page === undefined ? `line ${piece.line}` : piece.page === piece.last_page ? `page ${piece.page}` : `pages ${piece.page} to ${piece.last_page}`;
  const head = element("div", { className: "piece-head" },
    element("span", { text: `Piece ${piece.index + 1}` }), element("span", { text: counted(piece.tokens, "token") }),
    element("span", { text: place }), element("span", { text: `bytes ${grouped(piece.start)} to ${grouped(piece.end)}` }),
    ...(isFound ? [element("strong", { text: "found" })] : []),
    ...(piece.heading.length > 0 ? [ownText(piece.heading.join(" › "), "headings")] : []));
  const text = element("div", { className: "piece-text", attributes: { dir: "auto" } },
    ...(piece.repeated ? [element("span", { className: "repeated", text: piece.repeated, attributes: { title: "The piece before has this too." } })] : []),
    element("span", { text: piece.text }));
  const nodes = [element("div", { className: `piece${isFound ? " found" : ""}` }, head, text)];
  if (piece.between.trim()) nodes.unshift(ownText(piece.between.trim(), "between", "div"));
  if (piece.after.trim()) nodes.push(ownText(piece.after.trim(), "between", "div"));
  return nodes;
}
