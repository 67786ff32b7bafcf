// Chrome's clipboard. Writes what the service worker hands over, waits until the set time, then takes
// it off again. It lives on when the service worker ends. Copying an empty text leaves the old one in
// place, so a space is copied.

const at = Number(new URLSearchParams(location.search).get("at"));
const area = document.getElementById("area");

function put(text) {
  area.value = text;
  area.select();
  const written = document.execCommand("copy");
  area.value = "";
  return written;
}

chrome.runtime.onMessage.addListener((message, sender, respond) => {
  // Pages of ours have an address of their own in a tab; the service worker has none.
  if (sender.id !== chrome.runtime.id || sender.tab || message?.kind !== "write-clipboard") return;
  respond(put(String(message.text)));
});

setTimeout(
  () => {
    put(" ");
    chrome.runtime.sendMessage({ kind: "clipboard-cleared" });
  },
  Math.max(0, at - Date.now()),
);
