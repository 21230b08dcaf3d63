// Texts that outlive a reload, in this browser, and texts that travel in a link, in its fragment. A fragment is never
// sent to a server. The key is in neither.

import { mostTexts } from "./texts.js";

const place = "touchstone.texts";
const mostLinkCharacters = 30_000;

/** A state is {texts: [{text, role}], query, instruction, cut}. Returns whether the browser took it. */
export function remember(state) {
  try {
    localStorage.setItem(place, JSON.stringify(state));
    return true;
  } catch {
    // The browser forbids it, or the texts are larger than it keeps.
    return false;
  }
}

export function remembered() {
  try {
    return valid(JSON.parse(localStorage.getItem(place)));
  } catch {
    return undefined;
  }
}

export function forget() {
  try {
    localStorage.removeItem(place);
  } catch {
    // A browser that keeps nothing has nothing to forget.
  }
}

/** A link to this page with the state in it; undefined where it would be too long for chats and browsers. */
export function linkTo(state) {
  const bytes = new TextEncoder().encode(JSON.stringify(state));
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  const fragment = btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const link = `${location.origin}${location.pathname}#t=${fragment}`;
  return link.length > mostLinkCharacters ? undefined : link;
}

/** The state in the address of this page, if there is one. It is taken out: a reload must not undo what was edited. */
export function takenFromLink() {
  const found = /^#t=([\w-]+)$/.exec(location.hash);
  if (!found) return undefined;
  history.replaceState(null, "", location.pathname);
  try {
    const binary = atob(found[1].replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    return valid(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)));
  } catch {
    return undefined;
  }
}

/** The state, if it has the form of one: a link may come from anybody, and storage from an older page. */
function valid(state) {
  if (!Array.isArray(state?.texts) || state.texts.length > mostTexts) return undefined;
  const isEntry = (entry) => typeof entry?.text === "string" && ["query", "document"].includes(entry.role);
  if (!state.texts.every(isEntry)) return undefined;
  const text = (value) => (typeof value === "string" ? value : undefined);
  return {
    texts: state.texts.map(({ text, role }) => ({ text, role })),
    query: text(state.query) ?? "",
    instruction: text(state.instruction),
    cut: state.cut === true,
  };
}
