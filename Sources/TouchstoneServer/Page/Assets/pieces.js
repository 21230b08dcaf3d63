// Tokens as people can read them: a letter that takes several tokens is shown once, with its bytes.

/**
 * Groups of tokens that share a letter, [{tokens, text, bytes, stop}], most of them of one token. `prompt` is the whole text;
 * tokens have their range in it, in Unicode scalars. `bytes` are the letter's in UTF-8 where several tokens share it;
 * `stop` is the number of tokens up to the group's end.
 */
export function pieces(tokens, prompt) {
  const scalars = [...prompt];
  const groups = [];
  let stop = -1;
  for (const token of tokens) {
    const isPart = !token.special && token.start !== null && token.start < stop;
    if (isPart) groups.at(-1).push(token);
    else groups.push([token]);
    if (token.stop !== null) stop = isPart ? Math.max(stop, token.stop) : token.stop;
  }
  let count = 0;
  return groups.map((group) => {
    count += group.length;
    if (group.length === 1) return { tokens: group, text: group[0].text, stop: count };
    const text = scalars.slice(group[0].start, Math.max(...group.map((token) => token.stop))).join("");
    return { tokens: group, text, bytes: hex(text), stop: count };
  });
}

/** UTF-8 as people write it: d7 a9. */
const hex = (text) => [...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");

/** Text that can be seen: a mark that sits on another letter gets a circle, a sign without a form its number. */
export function visible(text) {
  if (/^\p{M}/u.test(text)) return `◌${text}`;
  return /^\p{Cf}+$/u.test(text) ? [...text].map((sign) => `U+${sign.codePointAt(0).toString(16).toUpperCase()}`).join(" ") : text;
}
