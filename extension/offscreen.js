// Waits until the set time, then takes what was copied off the clipboard. It lives on when the
// service worker ends. Copying an empty text leaves the old one in place, so a space is copied.

const at = Number(new URLSearchParams(location.search).get("at"));

function clear() {
  const blank = document.getElementById("blank");
  blank.value = " ";
  blank.select();
  document.execCommand("copy");
  chrome.runtime.sendMessage({ kind: "clipboard-cleared" });
}

setTimeout(clear, Math.max(0, at - Date.now()));
