// The module is fetched and compiled while its glue is read.
const module = WebAssembly.compileStreaming(fetch("mysafe_popup_bg.wasm"));
// There while the vault is open: no time, or the one after which it is locked.
const session = chrome.storage.session.get("deadline");
const { default: init } = await import("./mysafe_popup.js");
// This may run before the page is read to its end, and before the styles are there.
const comes = (what, event) => new Promise((done) => what.addEventListener(event, done, { once: true }));
if (document.readyState === "loading") await comes(document, "DOMContentLoaded");
for (const link of document.querySelectorAll("link[rel=stylesheet]")) {
  if (!link.sheet) await Promise.race([comes(link, "load"), comes(link, "error")]);
}
const { deadline } = await session;
const open = deadline === null || deadline > Date.now();
document.getElementById("first-frame").hidden = !open || location.hash.startsWith("#/welcome");
await init({ module_or_path: await module });
