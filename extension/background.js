// The background script of both browsers. It only registers listeners, all of them before
// anything is awaited, so that an event that wakes the script finds its listener. What they do
// is in mysafe_background, in Rust.

import init, * as background from "./mysafe_background.js";

const ready = init({ module_or_path: new URL("./mysafe_background_bg.wasm", import.meta.url) });

chrome.runtime.onInstalled.addListener(async ({ reason }) => {
  await ready;
  await background.onStart(reason === "install");
});

chrome.runtime.onStartup.addListener(async () => {
  await ready;
  await background.onStart(false);
});

chrome.alarms.onAlarm.addListener(async ({ name }) => {
  await ready;
  await background.onAlarm(name);
});

chrome.storage.onChanged.addListener(async (changes, area) => {
  if (area !== "session" || !changes.key) return;
  // Moving the key from one value to the same is no change of the lock.
  const open = changes.key.newValue !== undefined;
  if (open === (changes.key.oldValue !== undefined)) return;
  await ready;
  await background.onLockState(open);
});

chrome.contextMenus.onClicked.addListener(async ({ menuItemId, pageUrl }, tab) => {
  await ready;
  await background.onAsked(String(menuItemId), pageUrl ?? tab?.url ?? "");
});

chrome.commands.onCommand.addListener(async (command, tab) => {
  await ready;
  await background.onAsked(command, tab?.url ?? "");
});

chrome.runtime.onMessage.addListener((message, sender, respond) => {
  const ours =
    sender.id === chrome.runtime.id && sender.url?.startsWith(chrome.runtime.getURL(""));
  if (!ours || typeof message?.kind !== "string") return false;
  ready.then(() => background.onMessage(message.kind)).then(respond, respond);
  return true;
});
