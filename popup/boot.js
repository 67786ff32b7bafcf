import init from "./mysafe_popup.js";

await init({ module_or_path: new URL("./mysafe_popup_bg.wasm", import.meta.url) });
