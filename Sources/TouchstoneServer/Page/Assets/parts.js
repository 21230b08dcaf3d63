// Many texts go to the service in several requests, so that a person sees the progress and can cancel.

import { Refusal } from "./service.js";

// Enough to fill a pass of the engine, little enough to end in a second or so.
const mostTexts = 16;
const mostCharacters = 24_000;

/** Consecutive `inputs` of one role, in parts for one request each. */
export function parts(inputs) {
  const made = [];
  let characters = 0;
  for (const input of inputs) {
    const part = made.at(-1);
    characters += input.text.length;
    if (part && part.length < mostTexts && characters <= mostCharacters && part[0].role === input.role) {
      part.push(input);
    } else {
      made.push([input]);
      characters = input.text.length;
    }
  }
  return made;
}

/**
 * Sends one part after the other. `inputs` are [{text, role, number}], where `number` is the text's in the page, or
 * undefined for one that has none. `send(part)` is awaited, `progress(done)` hears how many inputs are done. A refusal
 * is told in the page's numbers.
 */
export async function inParts(inputs, send, progress) {
  let done = 0;
  for (const part of parts(inputs)) {
    try {
      await send(part);
    } catch (error) {
      throw error instanceof Refusal ? inPageWords(error, part) : error;
    }
    done += part.length;
    progress?.(done);
  }
}

/**
 * The service counts the inputs of one request from 0; a person sees the texts of the page, counted from 1.
 * `input 3 has 9000 tokens …` or `documents[3] has …` becomes `Text 7 has 9000 tokens …`.
 */
function inPageWords(refusal, part) {
  const found = /\b(?:inputs?|documents|texts)(?: |\[)(\d+)\]?/i.exec(refusal.message)
    ?? /\[(\d+)\]/.exec(refusal.parameter ?? "");
  const isAboutInput = found || /^(input|documents|texts)/.test(refusal.parameter ?? "") || refusal.status === 413;
  // Without an index, a request of one text can only be about that text.
  const blamed = found ? part[Number(found[1])] : part.length === 1 && isAboutInput ? part[0] : undefined;
  let message = refusal.message
    .replace(/^Query:? has/, "The query has")
    .replace("ask for truncation", "switch on “Cut what is too long”")
    .replace("; send several", "");
  if (blamed) {
    const name = blamed.number === undefined ? "The query" : `Text ${blamed.number}`;
    message = found && refusal.message.includes(found[0]) ? message.replace(found[0], name) : `${name}: ${message}`;
  }
  return new Refusal(message, refusal.status, { parameter: refusal.parameter, text: blamed?.number });
}
