// The service behind this page: requests, refusals, the key. Only this origin is asked.

let key = "";

/** Keeps the key in this page's memory, until the page is closed. */
export function useKey(text) {
  key = text.trim();
}

/** Why the service did not do what was asked. `message` is a sentence. */
export class Refusal extends Error {
  /** `parameter` is the field that the service names; `text` the number of a text in the page, where one is to blame. */
  constructor(message, status, { parameter, text } = {}) {
    super(message);
    this.status = status;
    this.parameter = parameter;
    this.text = text;
  }
}

/** The person does not want the answer any more. */
export class Cancelled extends Error {}

/** GET without a body, POST with one; the JSON of the answer, or a Refusal. */
export async function ask(path, body, signal) {
  return (await exchange(path, body, signal)).answer;
}

/** The same with the headers of the answer. */
export async function exchange(path, body, signal) {
  return read(await sent(path, body === undefined ? undefined : JSON.stringify(body), signal));
}

/** The same with any method. `body` is undefined, a form, or becomes JSON. */
export async function call(method, path, body, signal) {
  const isForm = body === undefined || body instanceof FormData;
  return read(await sent(path, isForm ? body : JSON.stringify(body), signal, method)).answer;
}

function read({ response, text }) {
  let answer;
  try {
    answer = JSON.parse(text);
  } catch {
    throw new Refusal(`The service answered ${response.status}, and not in JSON.`, response.status);
  }
  if (!response.ok) {
    throw new Refusal(sentence(answer, response.status), response.status, { parameter: answer?.error?.param });
  }
  return { answer, headers: response.headers };
}

/** A request and the text of its answer, whatever its status. `body` is JSON already, or a form. */
export async function sent(path, body, signal, method = body === undefined ? "GET" : "POST") {
  const headers = {};
  if (key) headers.Authorization = `Bearer ${key}`;
  if (typeof body === "string") headers["Content-Type"] = "application/json";
  try {
    const response = await fetch(path, {
      method,
      headers,
      body,
      cache: "no-store",
      signal,
    });
    return { response, text: await response.text() };
  } catch {
    if (signal?.aborted) throw new Cancelled();
    throw new Refusal("The service cannot be reached. Is it still running?", 0);
  }
}

/** The sentence of an error in OpenAI's form or in the others'. */
function sentence(answer, status) {
  if (status === 401) return "The service asks for a key. Enter it at the top of the page.";
  const error = answer?.error;
  const text = typeof error === "string" ? error : error?.message;
  if (!text) return `The service answered ${status}.`;
  return text[0].toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".");
}
