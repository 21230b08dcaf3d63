// The map: each text as a point on the two principal axes of the vectors.

import { principalAxes } from "./axes.js";
import { beginning, byID, drawing, element, ownText } from "./elements.js";
import { nearestOther } from "./vectors.js";

const svg = byID("map");
const padding = 26;
const labelHeight = 17;
/** Points are smaller where there are many; the smallest have no room for a number. */
const radiusOf = (count) => (count <= labelledUpTo ? 10 : count <= 100 ? 8 : 4);
/** Up to so many texts the points have the beginning of their text beside them. */
const labelledUpTo = 24;

let shown;
let previousPoints = [];
/** The point that Tab reaches; the arrow keys go on from there. */
let current = 0;

/** Shows `results` by their cosines `values`. */
export function showMap(results, values) {
  const { points, shares } = principalAxes(values);
  shown = { results, values, points: turnedLike(previousPoints, points) };
  previousPoints = shown.points;
  current = Math.min(current, results.length - 1);
  const [across, up] = shares.map((share) => `${Math.round(100 * share)}\u00a0%`);
  byID("map-caption").textContent = results.length < 2 ? "A map needs two texts."
    : `The two principal axes, with ${across} (across) and ${up} (up) of the variance.`;
  draw();
}

/** An axis may point either way: the way that it pointed before keeps the map still while the slider moves. */
function turnedLike(before, points) {
  if (before.length !== points.length) return points;
  const signs = [0, 1].map((axis) => (points.reduce((sum, point, index) => sum + point[axis] * before[index][axis], 0) < 0 ? -1 : 1));
  return points.map((point) => point.map((value, axis) => signs[axis] * value));
}

function draw() {
  if (!shown || svg.clientWidth === 0) return;
  const width = svg.clientWidth;
  // Many points want room in both directions.
  const isCrowded = shown.results.length > labelledUpTo;
  const height = Math.round(Math.min(isCrowded ? 600 : 460, Math.max(260, (isCrowded ? 0.95 : 0.72) * width)));
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const hadFocus = svg.contains(document.activeElement);
  const places = positions(shown.points, width, height);
  const labels = shown.results.length <= labelledUpTo ? labelPlaces(places, width, height) : [];
  svg.replaceChildren(
    drawing("line", { class: "axis", x1: 0, x2: width, y1: height / 2, y2: height / 2 }),
    drawing("line", { class: "axis", x1: width / 2, x2: width / 2, y1: 0, y2: height }),
    ...shown.results.map((_, index) => mapPoint(index, places[index], labels[index])));
  if (hadFocus) pointElement(current)?.focus();
}

/** One scale for both axes, so that distances in the picture can be compared; the origin is in the middle. */
function positions(points, width, height) {
  const reach = (axis) => Math.max(1e-9, ...points.map((point) => Math.abs(point[axis])));
  const scale = Math.min((width / 2 - padding) / reach(0), (height / 2 - padding) / reach(1));
  return points.map(([x, y]) => [width / 2 + scale * x, height / 2 - scale * y]);
}

/**
 * A place for each text's label beside its point that meets neither another label nor a point; undefined where there
 * is none, and the number has to do.
 */
function labelPlaces(places, width, height) {
  const taken = places.map(([x, y]) => ({ left: x - 11, right: x + 11, top: y - 11, bottom: y + 11 }));
  const isFree = (box) => box.left >= 0 && box.right <= width && box.top >= 0 && box.bottom <= height
    && taken.every((other) => box.right <= other.left || box.left >= other.right || box.bottom <= other.top || box.top >= other.bottom);
  return places.map(([x, y], index) => {
    // Wide enough for most letters; a label that is cut ends with an ellipsis anyway.
    const text = beginning(shown.results[index].text, width < 480 ? 18 : 30);
    const length = [...text].reduce((sum, character) => sum + (character.codePointAt(0) >= 0x2e80 ? 13 : 7), 0);
    const beside = (left, top) => ({ left, right: left + length, top, bottom: top + labelHeight });
    const boxes = [
      beside(x + 13, y - labelHeight / 2), beside(x - 13 - length, y - labelHeight / 2),
      beside(x - length / 2, y + 12), beside(x - length / 2, y - 12 - labelHeight),
    ];
    const box = boxes.find(isFree);
    if (!box) return undefined;
    taken.push(box);
    return { text, x: (box.left + box.right) / 2, y: box.top + 13 };
  });
}

function mapPoint(index, [x, y], label) {
  const { results } = shown;
  const { number, text, role } = results[index];
  const radius = radiusOf(results.length);
  const shape = role === "query"
    ? drawing("rect", { x: x - radius, y: y - radius, width: 2 * radius, height: 2 * radius, rx: 3, transform: `rotate(45 ${x} ${y})` })
    : drawing("circle", { cx: x, cy: y, r: radius });
  const figure = drawing("text", { class: "map-number", x, y: y + 0.38 * radius, "font-size": radius + 1 });
  figure.textContent = radius < 8 ? "" : number;
  const point = drawing("g", {
    class: `point ${role}`, role: "img", tabindex: index === current ? 0 : -1,
    "aria-label": `Text ${number}, ${role}: ${beginning(text, 80)}. ${nearestSentence(index)}`,
  }, drawing("circle", { class: "touch", cx: x, cy: y, r: Math.max(2 * radius, 12) }), shape, figure);
  if (label) {
    const words = drawing("text", { class: "map-label", x: label.x, y: label.y });
    words.textContent = label.text;
    point.append(words);
  }
  point.addEventListener("pointerenter", () => read(index));
  point.addEventListener("focus", () => {
    current = index;
    read(index);
  });
  return point;
}

function nearestSentence(index) {
  const { results, values } = shown;
  const nearest = nearestOther(values[index], index);
  return nearest < 0 ? "" : `The nearest is text ${results[nearest].number}, ${values[index][nearest].toFixed(3)}.`;
}

function read(index) {
  const { number, text } = shown.results[index];
  byID("map-reading").replaceChildren(
    element("span", { className: "read-text" }, element("span", { className: "number", text: number }), ownText(beginning(text, 120))),
    element("span", { text: nearestSentence(index) }));
}

const pointElement = (index) => svg.querySelectorAll(".point")[index];

/** The arrow keys go to the next point in their direction, by its place on that axis. */
svg.addEventListener("keydown", (event) => {
  const [axis, sign] = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowUp: [1, 1], ArrowDown: [1, -1] }[event.key] ?? [];
  if (axis === undefined || !shown) return;
  event.preventDefault();
  const order = [...shown.points.keys()].sort((left, right) => shown.points[left][axis] - shown.points[right][axis] || left - right);
  const next = order[order.indexOf(current) + sign];
  if (next === undefined) return;
  pointElement(current).setAttribute("tabindex", -1);
  current = next;
  pointElement(next).setAttribute("tabindex", 0);
  pointElement(next).focus();
});
new ResizeObserver(draw).observe(svg);
