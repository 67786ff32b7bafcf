// The module of the popup, fetched, compiled and made as the popup does, but not started.
const file = "popup/mysafe_popup_bg.wasm";
const module = await WebAssembly.compileStreaming(fetch(file));
const imports = {};
for (const { module: from, name } of WebAssembly.Module.imports(module)) {
  (imports[from] ??= {})[name] = () => {};
}
await WebAssembly.instantiate(module, imports);
const ready = document.createElement("p");
ready.id = "row-empty";
ready.textContent = "Ready";
document.body.append(ready);
