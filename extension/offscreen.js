// Chrome's clipboard. Writes what the service worker hands over, waits until the set time, then takes
// it off again. It lives on when the service worker ends. Copying an empty text leaves the old one in
// place, so a space is copied.

import { isOurs } from "./copied.js";

const asked = new URLSearchParams(location.search);
const area = document.getElementById("area");

function put(text) {
  area.value = text;
  area.select();
  const written = document.execCommand("copy");
  area.value = "";
  return written;
}

// What is on the clipboard; nothing if it cannot be read.
function held() {
  area.focus();
  const text = document.execCommand("paste") ? area.value : null;
  area.value = "";
  return text;
}

async function clear() {
  const mark = asked.get("mark");
  const text = mark ? held() : null;
  if (text === null || (await isOurs(text, mark))) put(" ");
  chrome.runtime.sendMessage({ kind: "clipboard-cleared" });
}

chrome.runtime.onMessage.addListener((message, sender, respond) => {
  // Pages of ours have an address of their own in a tab; the service worker has none.
  if (sender.id !== chrome.runtime.id || sender.tab || message?.kind !== "write-clipboard") return;
  respond(put(String(message.text)));
});

setTimeout(clear, Math.max(0, Number(asked.get("at")) - Date.now()));
