// Files that are dropped or chosen become documents of the base.

import { byID, bytes, counted, say } from "./elements.js";
import { call } from "./service.js";

/** A request with so many bytes at most, unless one file alone has more. */
const requestBytes = 16e6;

export function followUploads(route, refused, added) {
  const card = byID("documents-card");
  let depth = 0;
  const hasFiles = (event) => [...event.dataTransfer.types].includes("Files");
  for (const name of ["dragenter", "dragover"]) {
    document.addEventListener(name, (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      if (name === "dragenter") depth += 1;
      card.classList.add("dropping");
    });
  }
  document.addEventListener("dragleave", () => {
    depth = Math.max(0, depth - 1);
    if (depth === 0) card.classList.remove("dropping");
  });
  document.addEventListener("drop", (event) => {
    depth = 0;
    card.classList.remove("dropping");
    if (!hasFiles(event)) return;
    event.preventDefault();
    upload([...event.dataTransfer.files], route, refused, added);
  });
  byID("choose").addEventListener("click", () => byID("files").click());
  byID("files").addEventListener("change", () => {
    upload([...byID("files").files], route, refused, added);
    byID("files").value = "";
  });
}

async function upload(files, route, refused, added) {
  if (files.length === 0) return;
  say("upload-problem", "");
  let done = 0;
  let part = [];
  let size = 0;
  const send = async () => {
    if (part.length === 0) return;
    const form = new FormData();
    for (const file of part) form.append("file", file, file.name);
    await call("POST", route("documents"), form);
    done += part.length;
    [part, size] = [[], 0];
  };
  try {
    for (const file of files) {
      say("upload-summary", `Sending ${file.name} (${bytes(file.size)}), ${done} of ${counted(files.length, "file")} sent.`);
      if (size + file.size > requestBytes) await send();
      part.push(file);
      size += file.size;
    }
    await send();
    say("upload-summary", `${counted(done, "file")} sent. They are being read.`);
  } catch (refusal) {
    refused(refusal);
    say("upload-summary", done > 0 ? `${done} of ${counted(files.length, "file")} sent.` : "");
    say("upload-problem", refusal.message);
  }
  await added();
}
