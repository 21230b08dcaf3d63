// The list of texts that are to be embedded.

import { byID } from "./elements.js";

const list = byID("texts");

/** Adds a box at the end and returns its text field. */
export function addText(text = "", role = "document") {
  const item = byID("text-template").content.firstElementChild.cloneNode(true);
  const field = item.querySelector("textarea");
  field.value = text;
  item.querySelector("select").value = role;
  item.querySelector(".remove").addEventListener("click", () => remove(item));
  list.append(item);
  number();
  return field;
}

/** What the boxes hold: [{text, role}]. */
export function texts() {
  return [...list.children].map((item) => ({
    text: item.querySelector("textarea").value,
    role: item.querySelector("select").value,
  }));
}

/** Takes a box away; the focus goes to its neighbour. */
function remove(item) {
  const neighbour = item.nextElementSibling ?? item.previousElementSibling;
  item.remove();
  number();
  (neighbour?.querySelector("textarea") ?? byID("add")).focus();
}

/** Numbers the boxes, for the eye and for screen readers. */
function number() {
  [...list.children].forEach((item, index) => {
    item.querySelector(".number").textContent = index + 1;
    item.querySelector("textarea").setAttribute("aria-label", `Text ${index + 1}`);
    item.querySelector("select").setAttribute("aria-label", `Text ${index + 1} is a`);
    item.querySelector(".remove").setAttribute("aria-label", `Remove text ${index + 1}`);
  });
}
