// Inside of each text: its tokens as chips, its vector as a strip of bars.

import { copyFor } from "./copying.js";
import { beginning, byID, counted, drawing, element, grouped, hiddenText, ownText } from "./elements.js";
import { pieces, visible } from "./pieces.js";
import { manyTexts } from "./texts.js";
import { shortened } from "./vectors.js";

/** Chips beyond these come on request: a text may have thousands of tokens. */
const mostChips = 1000;

/** Draws the strips that are open. */
const strips = new Map();
let dimensions = 1;

/** Shows `results`, see embedAll, once for each embedding. Many of them are folded, and made when they are opened. */
export function showInside(results) {
  strips.clear();
  const isOpen = results.length <= manyTexts;
  byID("inside-list").classList.toggle("folded", !isOpen);
  byID("inside-list").replaceChildren(...results.map((result) => item(result, isOpen)));
}

/** Shows which dimensions are kept, and what the first components then are. */
export function showDimensions(kept) {
  dimensions = kept;
  for (const strip of strips.values()) strip();
}

function item(result, isOpen) {
  const heading = element("h3", {},
    element("span", { className: "number", text: result.number }),
    ownText(beginning(result.text, 120), "what"),
    element("span", { className: "count", text: `${result.role}, ${counted(result.tokens.length, "token")}` }));
  const details = element("details", {}, element("summary", {}, heading));
  details.addEventListener("toggle", () => {
    if (details.open && !strips.has(result)) fill(details, result);
  });
  if (isOpen) {
    fill(details, result);
    details.open = true;
  }
  return element("li", {}, details);
}

function fill(details, result) {
  details.append(...chips(result), ...vectorStrip(result));
}

function chips(result) {
  const all = pieces(result.tokens, result.prompt);
  // The chips of a text go in its own direction.
  const list = element("ol", { className: "chips", attributes: { "aria-label": `Tokens of text ${result.number}`, tabindex: "0", dir: direction(result.prompt) } },
    ...all.slice(0, mostChips).map((piece) => chip(piece, result)));
  if (all.length <= mostChips) return [list];
  const more = element("button", { className: "quiet", text: `Show all ${grouped(all.length)}`, attributes: { type: "button" } });
  more.addEventListener("click", () => {
    list.append(...all.slice(mostChips).map((piece) => chip(piece, result)));
    more.remove();
    list.focus();
  });
  return [list, more];
}

/** As dir="auto" finds it, which would be misled by ids between the pieces. */
function direction(text) {
  const first = /\p{L}/u.exec(text)?.[0] ?? "";
  return /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/.test(first) ? "rtl" : "ltr";
}

/** A piece with the ids of its tokens. White space is made visible. */
function chip({ tokens, text, bytes, stop }, { prefixLength, used, tokens: all }) {
  const piece = ownText(undefined, "piece");
  for (const part of visible(text).split(/(\s)/)) {
    if (part === "") continue;
    const sign = { " ": "·", "\n": "↵", "\t": "⇥" }[part];
    piece.append(sign ? element("span", { className: "blank", text: sign }) : part);
  }
  const ids = tokens.map(({ id }) => element("span", { className: "id", text: id }));
  const made = element("li", { attributes: { title: `${tokens.length === 1 ? "token" : "tokens"} ${tokens.map(({ id }) => id).join(", ")}` } }, piece);
  if (bytes) made.append(element("span", { className: "bytes", text: bytes, attributes: { dir: "ltr" } }));
  made.append(element("span", { className: "ids", attributes: { dir: "ltr" } }, ...ids));
  const [last] = tokens.slice(-1);
  made.classList.toggle("special", last.special);
  made.classList.toggle("instruction", !last.special && last.stop <= prefixLength);
  // The end of a text that was cut is not in its vector. The special token at the end is.
  made.classList.toggle("cut-off", !last.special && used < all.length && stop >= used);
  return made;
}

/** A bar for each component, up or down from the middle. */
function vectorStrip(result) {
  const { vector, number } = result;
  const largest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
  const bars = (from, to) => {
    let path = "";
    for (let column = from; column < to; column++) {
      path += `M${column} 0h1v${(-vector[column] / largest).toFixed(3)}h-1z`;
    }
    return path;
  };
  const kept = drawing("path", { class: "kept" });
  const dropped = drawing("path", { class: "dropped" });
  const image = drawing("svg",
    { class: "strip", viewBox: `0 -1 ${vector.length} 2`, preserveAspectRatio: "none", role: "img" },
    drawing("line", { x1: 0, x2: vector.length, y1: 0, y2: 0 }), dropped, kept);
  const components = element("code");
  const copy = element("button", { className: "quiet", text: "Copy", attributes: { type: "button" } }, hiddenText(` vector ${number}`));
  let shown;
  copy.addEventListener("click", () => copyFor(copy, JSON.stringify([...shown].map((value) => Math.fround(value)))));
  const show = () => {
    shown = shortened(vector, dimensions);
    kept.setAttribute("d", bars(0, dimensions));
    dropped.setAttribute("d", bars(dimensions, vector.length));
    components.textContent = [...shown.subarray(0, 8)].map((value) => value.toFixed(4)).join("  ")
      + (dimensions > 8 ? "  …" : "");
    image.setAttribute("aria-label", `Vector of text ${number}: ${dimensions} of ${vector.length} components are kept`);
  };
  strips.set(result, show);
  show();
  return [image, element("div", { className: "components" }, components, copy)];
}
