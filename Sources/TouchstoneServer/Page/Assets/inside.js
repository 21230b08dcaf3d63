// What is inside of each text: its tokens as chips, its vector as a strip of bars.

import { beginning, byID, drawing, element, grouped, hiddenText } from "./elements.js";
import { shortened } from "./vectors.js";

const strips = [];

/** Shows `results`, [{text, role, tokens, prefixLength, vector}], once for each embedding. */
export function showInside(results) {
  strips.length = 0;
  byID("inside-list").replaceChildren(...results.map(item));
}

/** Shows which dimensions are kept, and what the first components then are. */
export function showDimensions(dimensions) {
  for (const strip of strips) strip(dimensions);
}

function item(result, index) {
  const heading = element("h3", {},
    element("span", { className: "number", text: index + 1 }),
    element("span", { className: "what", text: beginning(result.text, 120) }),
    element("span", { className: "count", text: `${result.role}, ${grouped(result.tokens.length)} tokens` }));
  const chips = element("ol", { className: "chips", attributes: { "aria-label": `Tokens of text ${index + 1}`, tabindex: "0" } },
    ...result.tokens.map((token) => chip(token, result.prefixLength)));
  return element("li", {}, heading, chips, ...vectorStrip(result.vector, index));
}

/** A piece with its id. White space is made visible. */
function chip(token, prefixLength) {
  const piece = element("span", { className: "piece" });
  for (const part of token.text.split(/(\s)/)) {
    if (part === "") continue;
    const sign = { " ": "·", "\n": "↵", "\t": "⇥" }[part];
    piece.append(sign ? element("span", { className: "blank", text: sign }) : part);
  }
  const made = element("li", { attributes: { title: `token ${token.id}` } }, piece,
    element("span", { className: "id", text: token.id }));
  made.classList.toggle("special", token.special);
  made.classList.toggle("instruction", !token.special && token.stop <= prefixLength);
  return made;
}

/** A bar for each component, up or down from the middle. */
function vectorStrip(vector, index) {
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
  const copy = element("button", { className: "quiet", text: "Copy", attributes: { type: "button" } }, hiddenText(` vector ${index + 1}`));
  let shown;
  copy.addEventListener("click", () => copyVector(copy, shown));
  strips.push((dimensions) => {
    shown = shortened(vector, dimensions);
    kept.setAttribute("d", bars(0, dimensions));
    dropped.setAttribute("d", bars(dimensions, vector.length));
    components.textContent = [...shown.subarray(0, 8)].map((value) => value.toFixed(4)).join("  ")
      + (dimensions > 8 ? "  …" : "");
    image.setAttribute("aria-label", `Vector of text ${index + 1}: ${dimensions} of ${vector.length} components are kept`);
  });
  return [image, element("div", { className: "components" }, components, copy)];
}

async function copyVector(button, vector) {
  const text = JSON.stringify([...vector].map((value) => Math.fround(value)));
  const label = button.firstChild;
  try {
    await navigator.clipboard.writeText(text);
    label.textContent = "Copied";
  } catch {
    label.textContent = "This browser does not let the page copy";
  }
  setTimeout(() => { label.textContent = "Copy"; }, 2000);
}
