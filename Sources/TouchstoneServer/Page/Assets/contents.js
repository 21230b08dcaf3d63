// Everything that a person can write in the page, as one state: kept, restored, replaced, shared.

import { copyFor } from "./copying.js";
import { afterPause, byID, counted, say } from "./elements.js";
import { forget, linkTo, remember, remembered, takenFromLink } from "./remembering.js";
import { addText, mostTexts, setTexts, texts } from "./texts.js";

const examples = {
  query: "How do I delete a file?",
  texts: [
    { role: "query", text: "How do I delete a file?" },
    { role: "document", text: "To remove a file, use rm." },
    { role: "document", text: "Pour supprimer un fichier, utilisez rm." },
    { role: "document", text: "The printer is out of paper." },
  ],
};

let previous;
let changed = () => {};

/** What the page holds now. */
export const contents = () => ({
  texts: texts().map(({ text, role }) => ({ text, role })),
  query: byID("query").value,
  instruction: byID("instruction").value,
  cut: byID("cut").checked,
});

/**
 * Fills the page: from the link, as remembered, or with the examples. `onChange` is called whenever the texts are
 * other ones than before.
 */
export function restoreContents(onChange) {
  const kept = remembered();
  const linked = takenFromLink();
  put(linked ?? kept ?? examples);
  changed = onChange;
  if (linked && kept) announce(`${counted(linked.texts.length, "text")} came with the link, in the place of yours.`, kept);
  const save = afterPause(300, saveNow);
  byID("playground").addEventListener("input", save);
  window.addEventListener("pagehide", () => { if (hasUnsaved) saveNow(); });
  byID("playground").addEventListener("input", () => { hasUnsaved = true; });
  window.addEventListener("hashchange", () => {
    const state = takenFromLink();
    if (state) replace(state, `${counted(state.texts.length, "text")} came with the link.`);
  });
  byID("undo").addEventListener("click", undo);
  byID("examples").addEventListener("click", () => replace(examples, "The examples are in the place of your texts."));
  byID("clear").addEventListener("click", clear);
  byID("share").addEventListener("click", share);
}

let hasUnsaved = false;
let hasComplained = false;

function saveNow() {
  hasUnsaved = false;
  if (remember(contents()) || hasComplained) return;
  // Said once: it must not take the place of each offer to undo.
  hasComplained = true;
  announce("This browser does not keep these texts over a reload.", undefined);
}

/** Adds documents, in the place of the boxes that are empty, or of the examples if nobody has changed them. */
export function addMany(lines) {
  const isUntouched = JSON.stringify(texts().map(({ text, role }) => ({ role, text }))) === JSON.stringify(examples.texts);
  replaceMany(lines, isUntouched ? [] : contents().texts.filter(({ text }) => text !== ""));
}

/** Puts documents after the entries `kept`, which are none where all are to be replaced. */
export function replaceMany(lines, kept = []) {
  const room = Math.max(0, mostTexts - kept.length);
  const taken = lines.slice(0, room).map((text) => ({ text, role: "document" }));
  const left = lines.length - taken.length;
  replace({ ...contents(), texts: [...kept, ...taken] }, left > 0
    ? `${counted(taken.length, "text")} added. The page holds ${mostTexts}: ${counted(left, "line")} left out.`
    : `${counted(taken.length, "text")} added.`);
}

/** Puts another state in the place of this one, which can be undone. */
function replace(state, sentence) {
  const before = contents();
  put(state);
  saveNow();
  announce(sentence, before);
  changed();
}

function put(state) {
  setTexts(state.texts);
  byID("query").value = state.query;
  if (state.instruction !== undefined) byID("instruction").value = state.instruction;
  if (state.cut !== undefined) byID("cut").checked = state.cut;
}

/** Also forgets: the state before is then in this page's memory only. */
function clear() {
  const before = contents();
  put({ texts: [], query: "" });
  addText();
  forget();
  hasUnsaved = false;
  announce("The texts are cleared, here and in this browser's memory.", before);
  changed();
}

function announce(sentence, before) {
  previous = before;
  byID("undo").hidden = before === undefined;
  say("notice-text", sentence);
  byID("notice").hidden = false;
}

function undo() {
  put(previous);
  saveNow();
  previous = undefined;
  byID("notice").hidden = true;
  byID("add").focus();
  changed();
}

function share() {
  const link = linkTo(contents());
  if (link) copyFor(byID("share"), link);
  else announce("These texts are too long for a link. Send them as a text file, which can be dropped here.", undefined);
}
