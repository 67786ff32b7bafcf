// What goes into a page, at the user's gesture and once. The browser takes the text of each function,
// so each is whole in itself. They run beside the page's scripts, which see none of it: what the
// page has put over the DOM's own functions is not what is called here.

// Puts a value into the field that has the focus, in a document of this origin and no other. Gives
// "done", or why not. Inputs and text areas only: an editor (contenteditable) keeps its own model of
// its text, and what is put into its document is lost or sent somewhere with the next key.
function fillFocused(value, origin) {
  if (window.top !== window) return "frame";
  // A sandboxed document has the address, but not the origin.
  if (location.origin !== origin || window.origin !== origin) return "moved";
  let field = document.activeElement;
  while (field?.shadowRoot instanceof ShadowRoot && field.shadowRoot.activeElement) {
    field = field.shadowRoot.activeElement;
  }
  const framed = [HTMLIFrameElement, HTMLFrameElement, HTMLObjectElement, HTMLEmbedElement];
  if (framed.some((kind) => field instanceof kind)) return "frame";
  const kinds = ["text", "password", "search", "url", "email", "tel"];
  const area = field instanceof HTMLTextAreaElement;
  if (!area && !(field instanceof HTMLInputElement && kinds.includes(field.type))) return "none";
  if (field.matches(":disabled") || field.readOnly || field.closest("[inert]")) return "fixed";
  const box = field.getBoundingClientRect();
  let opacity = 1;
  for (let part = field; part; part = part.assignedSlot ?? part.parentElement ?? part.getRootNode().host) {
    opacity *= Number(getComputedStyle(part).opacity);
  }
  const seen =
    field.checkVisibility({ visibilityProperty: true }) &&
    opacity > 0.1 &&
    box.width >= 8 &&
    box.height >= 8 &&
    box.right + scrollX > 0 &&
    box.bottom + scrollY > 0;
  if (!seen) return "hidden";
  // A line would lose its breaks without a word.
  if (!area && /[\r\n]/.test(value)) return "lines";
  field.value = value;
  // As if typed: frameworks compare the field with what they knew of it when they hear this.
  field.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true, inputType: "insertReplacementText" }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
  return "done";
}

// The https addresses that a page names where its API is told: in fields, choices and code, and where
// Swagger UI, Redoc and GraphiQL have them. Changes nothing, fetches nothing, ends soon.
function readAddresses(most, longest) {
  const until = performance.now() + 40;
  const found = new Set();
  const over = () => found.size >= most || performance.now() > until;
  const take = (text) => {
    if (typeof text !== "string") return;
    for (const [address] of text.slice(0, 4 * longest).matchAll(/https:\/\/[^\s"'`<>{}\\^|]+/g)) {
      if (found.size >= most) return;
      if (address.length <= longest) found.add(address.replace(/[.,;:!?)\]]+$/, ""));
    }
  };
  const seen = (element) => element.checkVisibility({ visibilityProperty: true });
  // A form has its fields' names before the names of its own functions.
  const is = (element, what) => Element.prototype.matches.call(element, what);
  // GraphiQL shows its endpoint nowhere; it has asked it for the schema.
  if (document.querySelector(".graphiql-container")) {
    for (const { initiatorType, name } of performance.getEntriesByType("resource")) {
      if (initiatorType === "fetch" || initiatorType === "xmlhttprequest") take(name);
    }
  }
  const choices = (select) => {
    take(select.value);
    for (const option of Array.from(select.options).slice(0, most)) take(option.value);
  };
  const read = (element) => {
    if (element instanceof HTMLInputElement) {
      if (["text", "url", "search"].includes(element.type) && seen(element)) take(element.value);
    } else if (element instanceof HTMLSelectElement) {
      if (seen(element)) choices(element);
    } else if (is(element, "code, pre, samp, .base-url, .computed-url") && seen(element)) {
      take(element.textContent);
    } else if (is(element, ".redoc-wrap span:not(:has(*))")) {
      // Its list of servers is folded away.
      const text = element.textContent;
      if (text.startsWith("https://")) take(text);
    }
  };
  const roots = [document];
  let left = 20_000;
  // First where the console itself says it, should the page be too long to read whole.
  for (const select of document.querySelectorAll(".swagger-ui .servers select")) {
    if (over()) break;
    choices(select);
  }
  while (roots.length && left > 0 && !over()) {
    const root = roots.shift();
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT);
    for (let element = walker.nextNode(); element && left > 0; element = walker.nextNode()) {
      left -= 1;
      if (left % 64 === 0 && over()) break;
      read(element);
      if (element.shadowRoot instanceof ShadowRoot) roots.push(element.shadowRoot);
    }
  }
  return [...found];
}

const run = async (tab, func, args) => {
  // The top frame alone, and now: a page that never finishes loading can be filled too.
  const target = { tabId: tab, frameIds: [0] };
  const [frame] = await chrome.scripting.executeScript({ target, func, args, injectImmediately: true });
  return frame?.result;
};

export const fill = (tab, value, origin) => run(tab, fillFocused, [value, origin]);
export const read = (tab, most, longest) => run(tab, readAddresses, [most, longest]);
