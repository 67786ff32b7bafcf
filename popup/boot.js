// The module is fetched and compiled while its glue is read.
const module = WebAssembly.compileStreaming(fetch("mysafe_popup_bg.wasm"));
const { default: init } = await import("./mysafe_popup.js");
await init({ module_or_path: await module });
