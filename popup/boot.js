// The module is fetched and compiled while its glue is read.
const module = WebAssembly.compileStreaming(fetch("mysafe_popup_bg.wasm"));
// What is asked of other processes is asked meanwhile; extension/browser/src/around.rs takes it over. The
// session has the key of the open vault: nothing here keeps it.
globalThis.mysafeAsked = {
  session: chrome.storage.session.get(["key", "deadline", "reason", "minutes", "place", "asked"]),
  local: chrome.storage.local.get(["settings"]),
  tabs: chrome.tabs.query({ active: true, currentWindow: true }),
};
// What is stored, all of it sealed, is read meanwhile; extension/browser/src/early.rs takes it over, unless
// another context has changed something since.
const early = {
  keys: [["device", "account"], ["cache", "overviews"], ["state", "people"], ["state", "names"], ["device", "record"], ["cache", "overviews/0"]],
  channel: new BroadcastChannel("mysafe-changes"),
  changed: false,
};
early.channel.onmessage = () => { early.changed = true; };
early.values = new Promise((done) => {
  const asked = indexedDB.open("mysafe", 1);
  // Where nothing is stored yet, nothing is made here.
  asked.onupgradeneeded = () => asked.transaction.abort();
  asked.onerror = (event) => { event.preventDefault(); done(null); };
  asked.onsuccess = () => {
    const stores = new Set(early.keys.map(([store]) => store));
    try {
      const reading = asked.result.transaction([...stores]);
      const values = early.keys.map(([store, key]) => reading.objectStore(store).get(key));
      reading.oncomplete = () => done(values.map((value) => value.result));
      reading.onabort = () => done(null);
    } catch {
      done(null);
    }
    asked.result.close();
  };
});
globalThis.mysafeEarly = early;
const { default: init } = await import("./mysafe_popup.js");
// This may run before the page is read to its end, and before the styles are there.
const comes = (what, event) => new Promise((done) => what.addEventListener(event, done, { once: true }));
if (document.readyState === "loading") await comes(document, "DOMContentLoaded");
for (const link of document.querySelectorAll("link[rel=stylesheet]")) {
  if (!link.sheet) await Promise.race([comes(link, "load"), comes(link, "error")]);
}
// There while the vault is open: no time, or the one after which it is locked.
const { deadline } = await globalThis.mysafeAsked.session;
const open = deadline === null || deadline > Date.now();
document.getElementById("first-frame").hidden = !open || location.hash.startsWith("#/welcome");
await init({ module_or_path: await module });
