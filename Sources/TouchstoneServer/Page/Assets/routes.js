// The routes of the service, readable: made from /openapi.json when they are opened.

import { byID, element } from "./elements.js";
import { ask, sent } from "./service.js";
import { example, kind, resolved } from "./schemas.js";
import { curl } from "./shell.js";

const mostShown = 4000;

/** Fills the section when it is opened, or when the address says #routes. */
export function offerRoutes() {
  const details = byID("routes-details");
  details.addEventListener("toggle", () => { if (details.open) fill(); });
  const openIfAddressed = () => { if (location.hash === "#routes") details.open = true; };
  window.addEventListener("hashchange", openIfAddressed);
  for (const link of document.querySelectorAll("a[href='#routes']")) link.addEventListener("click", () => { details.open = true; });
  openIfAddressed();
}

let isFilled = false;

async function fill() {
  if (isFilled) return;
  isFilled = true;
  const list = byID("routes-list");
  try {
    const description = await ask("/openapi.json");
    list.replaceChildren(...description.tags.map(({ name }) => group(name, description)));
  } catch (refusal) {
    isFilled = false;
    list.replaceChildren(element("p", { className: "problem", text: refusal.message }));
  }
}

function group(tag, description) {
  const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })));
  return element("section", { className: "route-group" }, element("h3", { text: tag }),
    ...operations.filter(({ operation }) => operation.tags.includes(tag)).map((entry) => route(entry, description)));
}

function route({ path, method, operation }, description) {
  const details = element("details", { className: "route" },
    element("summary", {},
      element("code", { className: "method", text: method.toUpperCase() }),
      element("code", { text: path }),
      element("span", { className: "hint", text: operation.summary })));
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) details.append(...inside({ path, method, operation }, description));
  });
  return details;
}

function inside({ path, method, operation }, description) {
  const schema = operation.requestBody?.content?.["application/json"]?.schema;
  const forms = schema ? formsOf(schema, description) : [];
  return [
    ...forms.map((form) => fields(form, description)),
    answers(operation),
    tryIt(path, method, forms[0] && JSON.stringify(example(forms[0], description), null, 1), operation),
  ];
}

/** A route may take several shapes of body. */
function formsOf(schema, description) {
  const whole = resolved(schema, description);
  return whole.properties || !whole.anyOf ? [whole] : whole.anyOf.map((form) => resolved(form, description));
}

function fields(form, description) {
  const required = form.required ?? [];
  const rows = Object.entries(form.properties ?? {}).map(([name, schema]) => {
    const field = resolved(schema, description);
    const facts = [field.description, field.default !== undefined && `Default: ${JSON.stringify(field.default)}.`].filter(Boolean);
    return element("tr", {},
      element("th", { attributes: { scope: "row" } }, element("code", { text: name }), required.includes(name) ? " required" : ""),
      element("td", { text: kind(schema, description) }),
      element("td", { text: facts.join(" ") }));
  });
  return element("div", { className: "scroll", attributes: { tabindex: "0", role: "region", "aria-label": "Fields" } },
    element("table", { className: "fields-table" },
      element("thead", {}, element("tr", {}, ...["Field", "Kind", "Meaning"].map((text) => element("th", { text, attributes: { scope: "col" } })))),
      element("tbody", {}, ...rows)));
}

function answers(operation) {
  const statuses = Object.entries(operation.responses).map(([status, { description }]) =>
    element("li", {}, element("code", { text: status }), ` ${description}`));
  return element("ul", { className: "answers" }, ...statuses);
}

/** A request that can be changed and sent from here, and as a command. */
function tryIt(path, method, body, operation) {
  const hasHole = (operation.parameters ?? []).some((parameter) => parameter.in === "path");
  const command = element("pre", { attributes: { tabindex: "0" } }, element("code", { text: curl(method, path, body) }));
  if (hasHole) return command;
  const field = element("textarea", { attributes: { rows: "4", spellcheck: "false", "aria-label": `Body for ${method} ${path}` } });
  field.value = body ?? "";
  field.addEventListener("input", () => { command.firstChild.textContent = curl(method, path, field.value); });
  const send = element("button", { text: "Send", attributes: { type: "button" } });
  const result = element("pre", { attributes: { tabindex: "0", role: "status" } });
  result.hidden = true;
  send.addEventListener("click", async () => {
    send.disabled = true;
    result.hidden = false;
    result.textContent = await answerTo(path, body === undefined ? undefined : field.value);
    send.disabled = false;
  });
  return element("div", { className: "try" }, ...(body === undefined ? [] : [field]), command, send, result);
}

async function answerTo(path, body) {
  try {
    const { response, text } = await sent(path, body);
    const short = text.length > mostShown ? `${text.slice(0, mostShown)} … (${text.length} characters)` : text;
    return `${response.status}\n${short}`;
  } catch (refusal) {
    return refusal.message;
  }
}
