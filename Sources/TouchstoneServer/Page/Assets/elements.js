// Short ways to make elements. Texts are always set as text, never as HTML.

export const byID = (id) => document.getElementById(id);

/** An element with a class, a text or children, and attributes. */
export function element(name, { className, text, attributes = {} } = {}, ...children) {
  const made = document.createElement(name);
  return filled(made, className, text, attributes, children);
}

/** The same for SVG. */
export function drawing(name, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  return filled(made, undefined, undefined, attributes, children);
}

function filled(made, className, text, attributes, children) {
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children);
  return made;
}

/** A text that is heard and not seen. */
export const hiddenText = (text) => element("span", { className: "hidden-text", text });

/** A text of a person in any script: its direction is its own and does not turn what is beside it. */
export const ownText = (text, className, name = "span") => element(name, { className, text, attributes: { dir: "auto" } });

/** The beginning of a text on one line, for headings. */
export function beginning(text, length = 60) {
  // Only the first characters are looked at: a text may have millions.
  const line = text.slice(0, 8 * length).replace(/\s+/g, " ").trim();
  const characters = [...line];
  if (characters.length === 0) return "(empty text)";
  return characters.length <= length ? line : characters.slice(0, length - 1).join("") + "…";
}

/** Shows a sentence in the place `id`, or hides the place where there is none. */
export function say(id, sentence) {
  // Changed only when it differs, so that screen readers say it once.
  if (byID(id).textContent !== sentence) byID(id).textContent = sentence;
  byID(id).hidden = sentence === "";
}

const whole = new Intl.NumberFormat("en");

/** 1234567 as 1,234,567. */
export const grouped = (number) => whole.format(number);

/** 1 text, 2 texts. */
export const counted = (count, noun) => `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;

/** Bytes as people say them: 396 MB. */
export function bytes(count) {
  if (count < 1e6) return `${Math.max(1, Math.round(count / 1e3))} kB`;
  return count < 1e9 ? `${Math.round(count / 1e6)} MB` : `${(count / 1e9).toFixed(1)} GB`;
}

/** Calls `action` once the calls have paused for `milliseconds`. */
export function afterPause(milliseconds, action) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(action, milliseconds);
  };
}

/** Calls `action` before the next picture, once for many calls: a slider moves faster than a screen. */
export function beforeNextPicture(action) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      action();
    });
  };
}
