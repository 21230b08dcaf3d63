// The boxes of the texts that are to be embedded.

import { byID, element, grouped } from "./elements.js";

const list = byID("texts");

/** The most texts that the page holds; the matrix grows with their square. */
export const mostTexts = 500;

/** Above so many, boxes and matrix are compact. */
export const manyTexts = 12;

/** Adds a box at the end and returns its text field. */
export function addText(text = "", role = "document") {
  const item = made(text, role);
  list.append(item);
  number();
  return item.querySelector("textarea");
}

/** Puts `entries`, [{text, role}], in the place of all boxes. */
export function setTexts(entries) {
  list.replaceChildren(...entries.map(({ text, role }) => made(text, role)));
  number();
}

/** What the boxes hold: [{text, role, number}]. */
export function texts() {
  return [...list.children].map((item, index) => ({
    text: item.querySelector("textarea").value,
    role: item.querySelector("select").value,
    number: index + 1,
  }));
}

/** Marks the box of text `which` as the cause of an error, with a sentence under it. */
export function markProblem(which, sentence) {
  const item = list.children[which - 1];
  if (!item) return;
  const field = item.querySelector("textarea");
  mark(item, sentence, "problem");
  field.setAttribute("aria-invalid", "true");
  item.scrollIntoView({ block: "nearest" });
}

/** Says under each box whose text was cut how much of it is in the vector. */
export function markCuts(results) {
  for (const { number: which, used, tokens } of results) {
    if (used === tokens.length) continue;
    mark(list.children[which - 1],
      `Cut: the vector is of ${grouped(used)} of the ${grouped(tokens.length)} tokens.`, "cut");
  }
}

export function clearMarks() {
  for (const item of list.children) clearMark(item);
}

function mark(item, sentence, kind) {
  if (!item) return;
  const place = item.querySelector(".mark");
  place.textContent = sentence;
  place.dataset.kind = kind;
  place.hidden = false;
  item.querySelector("textarea").setAttribute("aria-describedby", place.id);
}

function clearMark(item) {
  const field = item.querySelector("textarea");
  item.querySelector(".mark").hidden = true;
  field.removeAttribute("aria-invalid");
  field.removeAttribute("aria-describedby");
}

function made(text, role) {
  const item = byID("text-template").content.firstElementChild.cloneNode(true);
  item.querySelector("textarea").value = text;
  item.querySelector("select").value = role;
  item.querySelector(".remove").addEventListener("click", () => remove(item));
  // A mark is about the text as it was.
  item.querySelector("textarea").addEventListener("input", () => clearMark(item));
  return item;
}

/** Takes a box away; the focus goes to its neighbor. */
function remove(item) {
  const neighbor = item.nextElementSibling ?? item.previousElementSibling;
  item.remove();
  number();
  (neighbor?.querySelector("textarea") ?? byID("add")).focus();
  list.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Numbers the boxes, for the eye and for screen readers. */
function number() {
  [...list.children].forEach((item, index) => {
    item.querySelector(".number").textContent = index + 1;
    item.querySelector("textarea").setAttribute("aria-label", `Text ${index + 1}`);
    item.querySelector("select").setAttribute("aria-label", `Text ${index + 1} is a`);
    item.querySelector(".remove").setAttribute("aria-label", `Remove text ${index + 1}`);
    item.querySelector(".mark").id = `mark-${index + 1}`;
  });
  list.classList.toggle("compact", list.children.length > manyTexts);
  byID("texts-count").replaceChildren(...(list.children.length > manyTexts
    ? [element("span", { text: grouped(list.children.length) })] : []));
}
