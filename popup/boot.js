// The module is fetched and compiled while its glue is read.
const module = WebAssembly.compileStreaming(fetch("mysafe_popup_bg.wasm"));
const { default: init } = await import("./mysafe_popup.js");
// This may run before the page is read to its end, and before the styles are there.
const comes = (what, event) => new Promise((done) => what.addEventListener(event, done, { once: true }));
if (document.readyState === "loading") await comes(document, "DOMContentLoaded");
for (const link of document.querySelectorAll("link[rel=stylesheet]")) {
  if (!link.sheet) await Promise.race([comes(link, "load"), comes(link, "error")]);
}
await init({ module_or_path: await module });
