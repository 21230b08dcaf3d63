// Questions, passages, and why each was found.

import { byID, counted, element, grouped, ownText, say } from "./elements.js";
import { openDocument } from "./reading.js";
import { call, Cancelled } from "./service.js";

let route;
let refused;
let working;
let asked;
/** Whether the service explains matches. */
let explains = false;

export function offerExplanations(isOffered) {
  explains = isOffered;
}

export function followSearch(routes, onRefusal) {
  [route, refused] = [routes, onRefusal];
  byID("search-form").addEventListener("submit", (event) => {
    event.preventDefault();
    search();
  });
  for (const id of ["mode", "language", "top", "rerank"]) byID(id).addEventListener("change", searchAgain);
}

/** The languages that the base has. */
export function offerLanguages(codes) {
  const select = byID("language");
  const known = codes.filter((code) => code !== "?");
  if ([...select.options].slice(1).map(({ value }) => value).join() === known.join()) return;
  const chosen = select.value;
  select.replaceChildren(
    element("option", { text: "any", attributes: { value: "" } }),
    ...known.map((code) => element("option", { text: languageName(code), attributes: { value: code } })),
  );
  select.value = known.includes(chosen) ? chosen : "";
}

const names = new Intl.DisplayNames(["en"], { type: "language", fallback: "code" });

function languageName(code) {
  try {
    return names.of(code);
  } catch {
    return code;
  }
}

/** The last question once more, of other choices or of a base that has changed. */
export function searchAgain() {
  if (asked !== undefined) search(asked);
}

async function search(text = byID("query").value) {
  const query = text.trim();
  say("search-problem", "");
  if (query === "") {
    say("search-problem", "Type a question first.");
    byID("query").focus();
    return;
  }
  working?.abort();
  const own = new AbortController();
  working = own;
  asked = query;
  say("search-summary", "Searching …");
  const start = performance.now();
  const body = { query, mode: byID("mode").value, top: Number(byID("top").value), rerank: byID("rerank").checked };
  if (byID("language").value) body.filter = `lang=${byID("language").value}`;
  try {
    const answer = await call("POST", route("search"), body, own.signal);
    show(answer, Math.round(performance.now() - start));
  } catch (refusal) {
    if (refusal instanceof Cancelled) return;
    refused(refusal);
    say("search-summary", "");
    say("search-problem", refusal.message);
    byID("hits").hidden = true;
  }
}

function show({ query, hits, reranker, unscored }, milliseconds) {
  const parts = [hits.length === 0 ? "Nothing was found" : counted(hits.length, "passage"), `${grouped(milliseconds)} ms`];
  if (reranker) parts.push(`reranked by ${reranker}`);
  if (unscored > 0) parts.push(`${counted(unscored, "passage")} not reranked in its time`);
  say("search-summary", `${parts.join(", ")}.`);
  const words = wordsOf(query);
  byID("hits").replaceChildren(...hits.map((hit, index) => row(hit, words, links(query, hit, hits[index + 1]))));
  byID("hits").hidden = hits.length === 0;
}

/** To the page of explanations, where the service has one: the texts are behind #, which browsers do not send. */
function links(query, hit, next) {
  if (!explains) return [];
  const link = (text, documents) => element("a", {
    text, attributes: { href: `/explain#${encodeURIComponent(JSON.stringify({ text: query, documents: documents.map((one) => one.text) }))}` },
  });
  const words = link("Which words carry it", [hit]);
  return [element("p", { className: "explained-by" }, words, ...(next ? [" · ", link("Why above the next one", [hit, next])] : []))];
}

function row(hit, words, explanations) {
  const open = element("button", { className: "quiet", text: "Show in the document", attributes: { type: "button", "aria-label": `Show passage ${hit.rank} in ${hit.filename}` } });
  open.addEventListener("click", () => openDocument(hit.path, { start: hit.start, end: hit.end, words }));
  const passage = element("p", { className: "passage long", attributes: { dir: "auto" } }, ...marked(hit.text, words));
  const place = hit.page === null ? range("line", hit.line, hit.last_line) : range("page", hit.page, hit.last_page);
  return element(
    "li", { attributes: { "data-path": hit.path } },
    element("div", { className: "hit-head" },
      element("span", { className: "number", text: String(hit.rank) }), ownText(hit.filename, "name"),
      element("span", { className: "place", text: [place, hit.language && languageName(hit.language)].filter(Boolean).join(" · ") })),
    ...(hit.heading.length > 0 ? [ownText(hit.heading.join(" › "), "headings", "p")] : []),
    passage,
    element("div", { className: "hit-foot" }, open, element("details", {}, element("summary", { text: "Why this passage" }), reasons(hit), ...explanations)),
  );
}

const range = (noun, first, last) => (first === last ? `${noun} ${first}` : `${noun}s ${first} to ${last}`);

/** Each reason with its figure, and a bar where the figure is a share. */
function reasons(hit) {
  const rows = [
    ["Meaning (cosine)", hit.cosine === null ? "not among the nearest" : hit.cosine.toFixed(3), hit.cosine],
    ["Words", hit.keyword_rank === null ? "none of the question's" : `place ${hit.keyword_rank}`, hit.keyword_rank === null ? null : 1 / hit.keyword_rank],
    ["Both together", `place ${hit.fused_rank}`, 1 / hit.fused_rank],
    ["Reranker", hit.rerank_score === null ? "did not read it" : `${(100 / (1 + Math.exp(-hit.rerank_score))).toFixed(1)} % (${hit.rerank_score.toFixed(2)})`,
      hit.rerank_score === null ? null : 1 / (1 + Math.exp(-hit.rerank_score))],
    ["Length", counted(hit.tokens, "token"), null],
    ["Bytes of the text", `${grouped(hit.start)} to ${grouped(hit.end)}`, null],
  ];
  return element("dl", { className: "reasons" }, ...rows.flatMap(([name, figure, share]) => {
    const bar = element("span", { className: share === null ? "" : "share", attributes: { "aria-hidden": "true" } });
    if (share !== null) bar.style.setProperty("--share", String(Math.min(1, Math.max(0, share))));
    return [element("dt", { text: name }), element("dd", {}, bar), element("dd", { text: figure })];
  }));
}

// Words, and characters of scripts without spaces, that a reader looks for.
function wordsOf(query) {
  const found = query.toLowerCase().match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]{2,}|[\p{L}\p{N}]{3,}/gu) ?? [];
  return [...new Set(found.flatMap((word) => (/\p{Script=Han}/u.test(word) && word.length > 2 ? pairs(word) : [word])))].slice(0, 32);
}

const pairs = (word) => [...word].slice(1).map((character, index) => [...word][index] + character);

/** The text as nodes, the words in it marked. */
export function marked(text, words) {
  if (words.length === 0) return [document.createTextNode(text)];
  const escaped = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return text.split(new RegExp(`(${escaped.join("|")})`, "giu")).map((part, index) => (
    index % 2 === 1 ? element("mark", { text: part }) : document.createTextNode(part)
  ));
}
