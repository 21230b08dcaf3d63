// Lets a reader choose a layer and a head, and shades the tokens by its attention.

/** `root` holds the section, `numbers` are the member "attention" of an explanation. */
export function followAttention(root, numbers) {
  const section = root.querySelector("#attention");
  if (!section) return;
  const [layer, head] = [section.querySelector(".layer"), section.querySelector(".head")];
  const tokens = [...section.querySelectorAll(".token")];
  const cells = [...section.querySelectorAll(".cell")];
  for (const [select, count] of [[layer, numbers.layers.length], [head, numbers.layers[0]?.heads.length ?? 0]]) {
    for (let number = 0; number < count; number++) select.append(new Option(String(number), String(number)));
  }
  section.querySelector(".choosers").hidden = false;

  const show = () => {
    const isOfLayer = layer.value !== "";
    head.disabled = !isOfLayer;
    if (!isOfLayer) head.value = "";
    const [shares, sentence] = chosen(numbers, layer.value, head.value);
    const largest = Math.max(...shares, 1e-9);
    shares.forEach((share, index) => {
      tokens[index].className = `token w${Math.round(10 * share / largest)}`;
      tokens[index].title = `token ${index}: ${percent(share)}`;
    });
    section.querySelector(".shown").textContent = sentence;
    const top = shares.map((share, index) => [share, index]).sort(([a, i], [b, j]) => b - a || i - j).slice(0, 8);
    section.querySelector(".most").replaceChildren(...top.filter(([share]) => share > 0).map(([share, index]) => {
      const item = document.createElement("li");
      const part = document.createElement("span");
      part.className = "part";
      part.textContent = tokens[index].textContent;
      item.append(part, ` ${percent(share)}${index === shares.length - 1 ? ", itself" : ""}`);
      return item;
    }));
    for (const cell of cells) cell.classList.toggle("chosen", isOfLayer && cell.dataset.layer === layer.value && (head.value === "" || cell.dataset.head === head.value));
  };
  layer.addEventListener("change", show);
  head.addEventListener("change", show);
  for (const cell of cells) {
    cell.addEventListener("click", () => {
      layer.value = cell.dataset.layer;
      head.value = cell.dataset.head;
      show();
    });
  }
}

/** The shares of all tokens, and a sentence about them. */
function chosen(numbers, layer, head) {
  if (layer === "") return [numbers.mean, "The mean over all heads of all layers."];
  const { mean, heads } = numbers.layers[layer];
  if (head === "") return [mean, `The mean over the ${heads.length} heads of layer ${layer}.`];
  const { entropy, shares } = heads[head];
  const all = new Array(mean.length).fill(0);
  for (const [token, share] of shares) all[token] = share;
  const rest = shares.length < mean.length ? ` The ${shares.length} tokens with most attention are shaded.` : "";
  return [all, `Layer ${layer}, head ${head}: ${entropy.toFixed(2)} of ${numbers.largest_entropy.toFixed(2)} bits.${rest}`];
}

const percent = (share) => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
