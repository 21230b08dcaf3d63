// The service behind this page: requests, refusals, the key.

let key = "";

/** Keeps the key in this page's memory, until the page is closed. */
export function useKey(text) {
  key = text.trim();
}

/** Why the service did not do what was asked. `message` is a sentence. */
export class Refusal extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

/** GET without a body, POST with one; the JSON of the answer, or a Refusal. */
export async function ask(path, body) {
  const headers = {};
  if (key) headers.Authorization = `Bearer ${key}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(path, {
      method: body === undefined ? "GET" : "POST",
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store",
    });
  } catch {
    throw new Refusal("The service cannot be reached. Is it still running?", 0);
  }
  const text = await response.text();
  let answer;
  try {
    answer = JSON.parse(text);
  } catch {
    throw new Refusal(`The service answered ${response.status}, and not in JSON.`, response.status);
  }
  if (!response.ok) throw new Refusal(sentence(answer, response.status), response.status);
  return answer;
}

/** The sentence of an error in OpenAI's form or in the others'. */
function sentence(answer, status) {
  const error = answer?.error;
  const text = typeof error === "string" ? error : error?.message;
  if (!text) return `The service answered ${status}.`;
  return text[0].toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".");
}
