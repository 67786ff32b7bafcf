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

chrome.contextMenus.onClicked.addListener(async ({ menuItemId, pageUrl, frameId }, tab) => {
  await ready;
  await background.onAsked(String(menuItemId), pageUrl ?? tab?.url ?? "", !frameId);
});

chrome.commands.onCommand.addListener(async (command, tab) => {
  await ready;
  await background.onAsked(command, tab?.url ?? "", true);
});

chrome.idle.onStateChanged.addListener(async (state) => {
  if (state !== "locked") return;
  await ready;
  await background.onSystemLock();
});

const onActivated = async () => {
  await ready;
  await background.onTabs();
};

const onUpdated = async (id, { url, status }, { active }) => {
  // A page that loads anew takes the badge of its tab away.
  if (!active || (!url && !status)) return;
  await ready;
  await background.onTabs();
};

const listenToTabs = () => {
  chrome.tabs.onActivated.addListener(onActivated);
  chrome.tabs.onUpdated.addListener(onUpdated);
};

const ignoreTabs = () => {
  chrome.tabs.onActivated.removeListener(onActivated);
  chrome.tabs.onUpdated.removeListener(onUpdated);
};

// Without "Suggest as I browse" no tab is to wake this script. Chrome refuses to answer a worker that it
// has just ended.
listenToTabs();
chrome.permissions.contains({ permissions: ["tabs"] }).then((given) => given || ignoreTabs(), () => {});

chrome.permissions.onAdded.addListener(async ({ permissions }) => {
  if (!permissions?.includes("tabs")) return;
  listenToTabs();
  await ready;
  await background.onTabs();
});

chrome.permissions.onRemoved.addListener(async ({ permissions }) => {
  if (!permissions?.includes("tabs")) return;
  ignoreTabs();
  await ready;
  await background.onTabsHidden();
});

chrome.omnibox.onInputChanged.addListener(async (text, suggest) => {
  await ready;
  suggest(await background.onTyped(text));
});

chrome.omnibox.onInputEntered.addListener(async (content) => {
  await ready;
  await background.onEntered(content);
});

chrome.runtime.onMessage.addListener((message, sender, respond) => {
  const ours =
    sender.id === chrome.runtime.id && sender.url?.startsWith(chrome.runtime.getURL(""));
  // That one is for Chrome's page with a clipboard, which answers it.
  if (!ours || typeof message?.kind !== "string" || message.kind === "write-clipboard") return false;
  ready.then(() => background.onMessage(message.kind)).then(respond, respond);
  return true;
});
