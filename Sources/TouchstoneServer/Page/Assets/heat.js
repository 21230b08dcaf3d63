// The matrix of many texts: a picture without figures, read with the pointer or the arrow keys.

import { beginning, byID } from "./elements.js";

const canvas = byID("heat");
let shown;
let cursor = { row: 0, column: 0 };
let isFocused = false;

/** Draws `values` with rows and columns in the order `places`. `read(results, values, row, column)` says one cell. */
export function showHeat(results, values, places, read) {
  shown = { results, values, places, read };
  const last = places.length - 1;
  cursor = { row: Math.min(cursor.row, last), column: Math.min(cursor.column, last) };
  canvas.setAttribute("aria-label", `Cosines of ${places.length} texts as a picture. The arrow keys go from cell to cell.`);
  draw();
}

function draw() {
  if (!shown || canvas.hidden) return;
  const count = shown.places.length;
  const room = canvas.parentElement.clientWidth - 48;
  // Numbers of the rows are drawn where they can be read.
  const margin = room / count >= 9 ? 24 : 0;
  const side = Math.max(1, Math.min(30, (room - margin) / count));
  const extent = margin + side * count;
  const scale = devicePixelRatio;
  canvas.width = Math.ceil(extent * scale);
  canvas.height = Math.ceil(extent * scale);
  canvas.style.width = canvas.style.height = `${extent}px`;
  Object.assign(shown, { side, margin });
  const context = canvas.getContext("2d");
  context.scale(scale, scale);
  drawCells(context);
  if (margin > 0) drawNumbers(context);
  if (isFocused) drawCursor(context);
}

function drawCells(context) {
  const { values, places, side, margin } = shown;
  const palette = colors();
  const gap = side > 6 ? 1 : 0;
  places.forEach((row, line) => places.forEach((column, position) => {
    const value = Math.max(-1, Math.min(1, values[row][column]));
    context.fillStyle = palette[Math.round(100 * value) + 100];
    // Whole device pixels would make rows of unequal height; an overlap hides the seams instead.
    context.fillRect(margin + position * side, margin + line * side, side - gap + (gap ? 0 : 0.5), side - gap + (gap ? 0 : 0.5));
  }));
}

function drawNumbers(context) {
  const { results, places, side, margin } = shown;
  context.fillStyle = getComputedStyle(canvas).color;
  context.font = `${Math.min(11, side)}px system-ui, sans-serif`;
  context.textBaseline = "middle";
  // Three digits are wider than a narrow column.
  const step = side < 18 ? 2 : 1;
  places.forEach((place, line) => {
    context.textAlign = "right";
    context.fillText(results[place].number, margin - 4, margin + (line + 0.5) * side);
    context.textAlign = "center";
    if (line % step === 0) context.fillText(results[place].number, margin + (line + 0.5) * side, margin / 2);
  });
}

function drawCursor(context) {
  const { side, margin } = shown;
  context.strokeStyle = getComputedStyle(canvas).color;
  context.lineWidth = 2;
  context.strokeRect(margin + cursor.column * side - 1, margin + cursor.row * side - 1, side + 1, side + 1);
}

/** The colors of −1 to 1 in steps of 0.01, as the style sheet has them for this theme. */
function colors() {
  const style = getComputedStyle(document.documentElement);
  const [low, high, cold] = ["--heat-low", "--heat-high", "--heat-cold"].map((name) => components(style.getPropertyValue(name)));
  return Array.from({ length: 201 }, (_, index) => {
    const value = (index - 100) / 100;
    const end = value < 0 ? cold : high;
    return `rgb(${low.map((from, channel) => Math.round(from + Math.abs(value) * (end[channel] - from))).join(" ")})`;
  });
}

const components = (hex) => [1, 3, 5].map((start) => Number.parseInt(hex.trim().slice(start, start + 2), 16));

function readCell(row, column) {
  const { results, values, places, read } = shown;
  read(results, values, places[row], places[column]);
  canvas.title = `${results[places[row]].number} and ${results[places[column]].number}: ${values[places[row]][places[column]].toFixed(3)}\n`
    + `${beginning(results[places[row]].text)}\n${beginning(results[places[column]].text)}`;
}

const limited = (value) => Math.max(0, Math.min(shown.places.length - 1, value));

/** Reads the cell under the pointer; a finger's touch is one too. */
function point(event) {
  if (!shown) return;
  const box = canvas.getBoundingClientRect();
  const place = (distance) => limited(Math.floor((distance - shown.margin) / shown.side));
  cursor = { row: place(event.clientY - box.top), column: place(event.clientX - box.left) };
  readCell(cursor.row, cursor.column);
}

canvas.addEventListener("pointermove", point);
canvas.addEventListener("pointerdown", point);
canvas.addEventListener("focus", () => { isFocused = true; draw(); });
canvas.addEventListener("blur", () => { isFocused = false; draw(); });
canvas.addEventListener("keydown", (event) => {
  const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Home: [0, -1e6], End: [0, 1e6] };
  const step = steps[event.key];
  if (!step || !shown) return;
  event.preventDefault();
  cursor = { row: limited(cursor.row + step[0]), column: limited(cursor.column + step[1]) };
  draw();
  readCell(cursor.row, cursor.column);
});
new ResizeObserver(draw).observe(canvas.parentElement);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
