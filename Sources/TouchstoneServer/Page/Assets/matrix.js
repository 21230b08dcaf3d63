// The similarity matrix: a table with numbers, coloured as a heat map.

import { beginning, byID, element, hiddenText } from "./elements.js";

/** Shows `values[row][column]` for `texts`, computed from `dimensions` of `whole` dimensions. */
export function showMatrix(texts, values, dimensions, whole) {
  const caption = element("caption", { text: `Cosines, from ${dimensions} of ${whole} dimensions` });
  const head = element("tr", {}, element("th", {}, hiddenText("Text")));
  texts.forEach((text, index) => {
    head.append(
      element("th", { attributes: { scope: "col", title: beginning(text) } }, `${index + 1}`,
        hiddenText(` ${beginning(text, 30)}`)));
  });
  const body = element("tbody", {}, ...values.map((row, index) => tableRow(texts[index], row, index)));
  byID("matrix").replaceChildren(caption, element("thead", {}, head), body);
}

function tableRow(text, row, index) {
  const header = element("th", { text: `${index + 1}  ${beginning(text, 40)}`, attributes: { scope: "row", title: beginning(text, 200) } });
  const nearest = nearestOther(row, index);
  return element("tr", {}, header, ...row.map((value, column) => cell(value, column === index, column === nearest)));
}

function cell(value, isSelf, isNearest) {
  const made = element("td", { text: value.toFixed(3) });
  const heat = Math.min(1, Math.abs(value));
  made.style.setProperty("--heat", heat.toFixed(3));
  made.classList.toggle("negative", value < 0);
  made.classList.toggle("strong", value > 0.45);
  made.classList.toggle("self", isSelf);
  made.classList.toggle("nearest", isNearest);
  if (isNearest) made.append(hiddenText(", the nearest"));
  return made;
}

/** The column of the largest value that is not the text itself; -1 where there is no other. */
function nearestOther(row, self) {
  let nearest = -1;
  row.forEach((value, column) => {
    if (column !== self && (nearest < 0 || value > row[nearest])) nearest = column;
  });
  return nearest;
}
