// The clipboard calls that differ between the browsers. `mark` is there only where MySafe may read.

import { isOurs } from "/extension/copied.js";

const PAGE = "/extension/offscreen.html";

// Undefined in Firefox, where the lint reports every call of it by its full name.
const { offscreen } = chrome;

// Chrome only: one offscreen document at a time, told by its address when to clear, and what.
export async function clearOffscreen(at, mark) {
  if (!offscreen) return false;
  await closeOffscreen();
  await offscreen.createDocument({
    url: `${PAGE}?${new URLSearchParams({ at, mark: mark ?? "" })}`,
    reasons: ["CLIPBOARD"],
    justification: "Clears what was copied after the set time.",
  });
  return true;
}

// Writes, and has it cleared at `at`: by the offscreen document, or by the alarm where there is none.
export async function writeClipboard(text, at, mark) {
  if (!(await clearOffscreen(at, mark))) {
    await navigator.clipboard.writeText(text);
    return true;
  }
  return (await chrome.runtime.sendMessage({ kind: "write-clipboard", text })) === true;
}

export async function closeOffscreen() {
  if (!offscreen) return;
  if (await offscreen.hasDocument()) await offscreen.closeDocument();
}

// What cannot be read may be ours.
export async function clearHere(mark) {
  const text = mark ? await navigator.clipboard.readText().catch(() => null) : null;
  if (text !== null && !(await isOurs(text, mark))) return;
  await navigator.clipboard.writeText("");
}
