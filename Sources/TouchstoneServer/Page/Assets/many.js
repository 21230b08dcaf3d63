// Many texts at once: pasted, one a line, or from a text file.

import { addMany, replaceMany } from "./contents.js";
import { byID, bytes } from "./elements.js";

const mostBytes = 4_000_000;

/** `complain` gets a sentence where a file cannot be taken. */
export function takeMany(complain) {
  const panel = byID("many");
  const open = (isOpen) => {
    panel.hidden = !isOpen;
    byID("open-many").setAttribute("aria-expanded", isOpen);
    (isOpen ? byID("many-lines") : byID("open-many")).focus();
  };
  const take = (use) => {
    const lines = linesOf(byID("many-lines").value);
    if (lines.length === 0) {
      byID("many-lines").focus();
      return;
    }
    use(lines);
    byID("many-lines").value = "";
    open(false);
  };
  byID("open-many").addEventListener("click", () => open(panel.hidden));
  byID("many-close").addEventListener("click", () => open(false));
  byID("many-add").addEventListener("click", () => take(addMany));
  byID("many-replace").addEventListener("click", () => take((lines) => replaceMany(lines)));
  byID("open-file").addEventListener("click", () => byID("file").click());
  byID("file").addEventListener("change", async (event) => {
    for (const file of event.target.files) await takeFile(file, complain);
    // The same file can then be chosen again.
    event.target.value = "";
  });
  takeDrops(byID("texts-card"), complain);
}

/** Each line that has more than blanks in it. */
export const linesOf = (text) => text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== "");

/** A file that is dropped anywhere is taken: beside the card, the browser would leave the page for it. */
function takeDrops(card, complain) {
  const hasFiles = (event) => [...event.dataTransfer.types].includes("Files");
  document.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    card.classList.add("dropping");
  });
  document.addEventListener("dragleave", () => card.classList.remove("dropping"));
  document.addEventListener("drop", async (event) => {
    card.classList.remove("dropping");
    if (!hasFiles(event)) return;
    event.preventDefault();
    for (const file of [...event.dataTransfer.files]) await takeFile(file, complain);
  });
}

async function takeFile(file, complain) {
  if (file.size > mostBytes) {
    complain(`The file ${file.name} has ${bytes(file.size)}; the page takes up to ${bytes(mostBytes)}.`);
    return;
  }
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
  } catch {
    complain(`The file ${file.name} is not text in UTF-8. Save it as UTF-8 and drop it again.`);
    return;
  }
  const lines = linesOf(text);
  if (lines.length === 0) {
    complain(`The file ${file.name} has no text in it.`);
    return;
  }
  complain("");
  addMany(lines);
}
