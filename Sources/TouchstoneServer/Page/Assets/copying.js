// Copying, also where the page came over plain http: there a browser offers no clipboard to scripts.

/** Copies `text`, and says on the button's first text node how it went. */
export async function copyFor(button, text) {
  const label = button.firstChild;
  const before = (button.dataset.label ??= label.textContent);
  const done = await copied(text);
  label.textContent = done ? "Copied" : "Press Ctrl+C";
  setTimeout(() => { label.textContent = before; }, 2000);
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedBySelection(text);
  }
}

/** Selects the text in a field for a moment. Where even that copies nothing, the field stays for the person's Ctrl+C. */
function copiedBySelection(text) {
  const focused = document.activeElement;
  const field = document.createElement("textarea");
  field.className = "to-copy";
  field.setAttribute("aria-label", "The text to copy");
  field.readOnly = true;
  field.value = text;
  document.body.append(field);
  field.select();
  if (document.execCommand("copy")) {
    field.remove();
    focused?.focus();
    return true;
  }
  const leave = () => {
    field.remove();
    focused?.focus();
  };
  field.addEventListener("copy", () => setTimeout(leave));
  field.addEventListener("keydown", (event) => { if (event.key === "Escape") leave(); });
  field.addEventListener("blur", () => field.remove());
  return false;
}
