// The similarity matrix: a table with figures for a few texts, a picture for many.

import { beginning, byID, element, hiddenText, ownText } from "./elements.js";
import { showHeat } from "./heat.js";
import { clustered, descending } from "./orders.js";
import { manyTexts } from "./texts.js";
import { nearestOther } from "./vectors.js";

/** Below this cosine the nearest text is still near nobody: its ring is faint. */
const nearEnough = 0.4;

/**
 * Shows `values[row][column]` of `results`. `order` is given, near or clustered; `nearness` is each text's to the
 * query, where there is one.
 */
export function showMatrix(results, values, { dimensions, whole, order, nearness }) {
  const places = placesInOrder(order, values, nearness);
  const isMany = results.length > manyTexts;
  byID("matrix-caption").textContent = `Cosines, from ${dimensions} of ${whole} dimensions`
    + (order === "near" && !nearness ? ". Type a query to sort by." : "");
  byID("matrix-scroll").hidden = isMany;
  byID("heat").hidden = !isMany;
  if (isMany) {
    showHeat(results, values, places, read);
    return;
  }
  const head = element("tr", {}, element("th", {}, hiddenText("Text")),
    ...places.map((place) => element("th", { attributes: { scope: "col", title: beginning(results[place].text) } },
      `${results[place].number}`, hiddenText(` ${beginning(results[place].text, 30)}`))));
  const rows = places.map((place) => tableRow(place, places, results, values));
  byID("matrix").replaceChildren(element("thead", {}, head), element("tbody", {}, ...rows));
}

function placesInOrder(order, values, nearness) {
  if (order === "clustered") return clustered(values);
  if (order === "near" && nearness) return descending(nearness);
  return [...values.keys()];
}

function tableRow(place, places, results, values) {
  const header = element("th", { attributes: { scope: "row", title: beginning(results[place].text, 200) } },
    element("span", { className: "number", text: results[place].number }),
    ownText(beginning(results[place].text, 40), "what"));
  const nearest = nearestOther(values[place], place);
  return element("tr", {}, header, ...places.map((column) => {
    const made = cell(values[place][column], column === place, column === nearest);
    made.addEventListener("pointerenter", () => read(results, values, place, column));
    return made;
  }));
}

function cell(value, isSelf, isNearest) {
  const made = element("td", { text: value.toFixed(3) });
  const heat = Math.min(1, Math.abs(value));
  made.style.setProperty("--heat", heat.toFixed(3));
  made.classList.toggle("negative", value < 0);
  made.classList.toggle("strong", value > 0.45);
  made.classList.toggle("self", isSelf);
  made.classList.toggle("nearest", isNearest);
  made.classList.toggle("far", isNearest && value < nearEnough);
  if (isNearest) made.append(hiddenText(", the nearest"));
  return made;
}

/** Says under the matrix which two texts a cell is of. */
function read(results, values, row, column) {
  byID("matrix-reading").replaceChildren(
    element("strong", { text: values[row][column].toFixed(3) }),
    ...[row, column].map((place) => element("span", { className: "read-text" },
      element("span", { className: "number", text: results[place].number }),
      ownText(beginning(results[place].text, 100)))));
}
