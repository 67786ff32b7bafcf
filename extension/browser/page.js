// What goes into a page, at the user's gesture and once. The browser takes the text of each function,
// so each is whole in itself. They run beside the page's scripts, which see none of it: what the
// page has put over the DOM's own functions is not what is called here. What a page can do is to give
// its elements names that hide what a document or a form has, so those are asked for by prototype.

// Puts a value into the field that has the focus, in a document of this origin and no other. Gives
// "done", or why not. Inputs and text areas only: an editor (contenteditable) keeps its own model of
// its text, and what is put into its document is lost or sent somewhere with the next key.
function fillFocused(value, origin) {
  if (window.top !== window) return "frame";
  // A sandboxed document has the address, but not the origin.
  if (location.origin !== origin || window.origin !== origin) return "moved";
  const of = (kind, name, object) => Object.getOwnPropertyDescriptor(kind.prototype, name).get.call(object);
  let field = of(Document, "activeElement", document);
  for (let inner = field; inner; ) {
    field = inner;
    const root = of(Element, "shadowRoot", field);
    inner = root && of(ShadowRoot, "activeElement", root);
  }
  const framed = [HTMLIFrameElement, HTMLFrameElement, HTMLObjectElement, HTMLEmbedElement];
  if (framed.some((kind) => field instanceof kind)) return "frame";
  const kinds = ["text", "password", "search", "url", "email", "tel"];
  const area = field instanceof HTMLTextAreaElement;
  if (!area && !(field instanceof HTMLInputElement && kinds.includes(field.type))) return "none";
  if (field.matches(":disabled") || field.readOnly) return "fixed";
  // What the user can see of it: not transparent, in the window, not under something else.
  const around = (part) => {
    const above = of(Element, "assignedSlot", part) ?? of(Node, "parentNode", part);
    return above instanceof ShadowRoot ? above.host : above;
  };
  const path = (part) => {
    const parts = [];
    for (let up = part; up instanceof Element; up = around(up)) parts.unshift(up);
    return parts;
  };
  const opacityOf = (style) => {
    let opacity = Number(style.opacity);
    for (const [, part, percent] of style.filter.matchAll(/opacity\(([\d.e-]+)(%?)\)/g)) opacity *= part / (percent ? 100 : 1);
    return opacity;
  };
  let opacity = 1;
  for (const part of path(field)) {
    if (Element.prototype.hasAttribute.call(part, "inert")) return "fixed";
    opacity *= opacityOf(getComputedStyle(part));
  }
  const box = field.getBoundingClientRect();
  const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
  const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
  const root = field.getRootNode();
  const middle = (top + bottom) / 2;
  const points = [0.5, 0.2, 0.8].map((part) => left + (right - left) * part);
  // What lets the mouse through is not found by asking what is at a point: all of it is looked at.
  const alpha = (color) => {
    const [, part, other, percent] = /^rgba\(.*,\s*([\d.]+)\)$|\/\s*([\d.]+)(%?)\)$/.exec(color) ?? [];
    return Number(part ?? other ?? 1) / (percent ? 100 : 1);
  };
  const level = (parts) => {
    let own = -0.5;
    for (const part of parts) {
      const { position, zIndex, opacity, transform } = getComputedStyle(part);
      const up = around(part);
      const placed = position !== "static" || (up instanceof Element && /flex|grid/.test(getComputedStyle(up).display));
      if (placed && zIndex !== "auto") return Number(zIndex);
      if (position !== "static" || opacity !== "1" || transform !== "none") own = 0;
    }
    return own;
  };
  const modal = field.closest(":modal");
  const veils = (part, style) => {
    if (style.pointerEvents !== "none" || style.visibility !== "visible" || opacityOf(style) < 0.5) return false;
    const solid = [HTMLImageElement, HTMLCanvasElement, HTMLVideoElement, HTMLIFrameElement, HTMLObjectElement, HTMLEmbedElement, SVGSVGElement];
    const opaque = alpha(style.backgroundColor) >= 0.5 || style.backgroundImage !== "none" || solid.some((kind) => part instanceof kind);
    if (!opaque || [...field.labels].some((label) => label.contains(part))) return false;
    const [over, under] = [path(part), path(field)];
    // What is around the field is behind it; a modal dialog is before everything else.
    if (under.includes(part) || over.includes(field) || (modal && !over.includes(modal))) return false;
    const at = over.findIndex((element, at) => element !== under[at]);
    const [above, below] = [level(over.slice(at)), level(under.slice(at))];
    const after = Node.prototype.compareDocumentPosition.call(under[at], over[at]) & Node.DOCUMENT_POSITION_FOLLOWING;
    return above > below || (above === below && after !== 0);
  };
  const free = new Set(points);
  for (const roots = [document]; roots.length && free.size; ) {
    const walker = Document.prototype.createTreeWalker.call(document, roots.shift(), NodeFilter.SHOW_ELEMENT);
    for (let part = walker.nextNode(); part && free.size; part = walker.nextNode()) {
      const inner = of(Element, "shadowRoot", part);
      if (inner) roots.push(inner);
      const box = Element.prototype.getBoundingClientRect.call(part);
      if (box.top > middle || box.bottom < middle) continue;
      const within = [...free].filter((x) => box.left <= x && box.right >= x);
      if (within.length && veils(part, getComputedStyle(part))) for (const x of within) free.delete(x);
    }
  }
  const shows = (x) => {
    const over = free.has(x) && root.elementFromPoint(x, middle);
    // A label may lie over its field.
    return over === field || (over && [...field.labels].some((label) => label.contains(over)));
  };
  const seen =
    field.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }) &&
    opacity > 0.1 &&
    right - left >= 8 &&
    bottom - top >= 8 &&
    points.some(shows);
  if (!seen) return "hidden";
  // A line would lose its breaks without a word.
  if (!area && /[\r\n]/.test(value)) return "lines";
  if (field.maxLength >= 0 && value.length > field.maxLength) return "short";
  field.value = value;
  // As if typed: frameworks compare the field with what they knew of it when they hear this.
  field.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true, inputType: "insertReplacementText" }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
  return field.value === value.replace(/\r\n?/g, "\n") ? "done" : "changed";
}

// The https addresses that a page names where its API is told: in fields, choices and code, and where
// Swagger UI, Redoc and GraphiQL have them. Changes nothing, fetches nothing, ends soon.
function readAddresses(most, longest) {
  const until = performance.now() + 40;
  const found = new Set();
  const over = () => found.size >= most || performance.now() > until;
  const of = (kind, name, object) => Object.getOwnPropertyDescriptor(kind.prototype, name).get.call(object);
  const all = (query) => Document.prototype.querySelectorAll.call(document, query);
  const is = (element, what) => Element.prototype.matches.call(element, what);
  const seen = (element) => Element.prototype.checkVisibility.call(element, { visibilityProperty: true });
  const take = (text) => {
    for (const [address] of text.slice(0, 4 * longest).matchAll(/https:\/\/[^\s"'`<>{}\\^|]+/g)) {
      if (found.size >= most) return;
      if (address.length <= longest) found.add(address.replace(/[.,;:!?)\]]+$/, ""));
    }
  };
  const choices = (select) => {
    take(select.value);
    for (let at = 0; at < Math.min(select.length, most); at += 1) take(select.item(at).value);
  };
  const read = (element) => {
    if (element instanceof HTMLInputElement) {
      if (["text", "url", "search"].includes(element.type) && seen(element)) take(element.value);
    } else if (element instanceof HTMLSelectElement) {
      if (seen(element)) choices(element);
    } else if (is(element, "code, pre, samp, .base-url, .computed-url")) {
      if (seen(element)) take(of(Node, "textContent", element));
    } else if (is(element, ".redoc-wrap span, .redoc-wrap div") && element.childElementCount === 0) {
      // Its list of servers is folded away.
      const text = of(Node, "textContent", element);
      if (text.startsWith("https://")) take(text);
    }
  };
  // First where the console itself says it, should the page be too long to read whole.
  for (const select of all(".swagger-ui .servers select")) {
    if (over()) break;
    choices(select);
  }
  // GraphiQL shows its endpoint nowhere. The page's own script tells it, and it was asked for the schema.
  if (all(".graphiql-container").length) {
    for (const script of all("script:not([src])")) {
      if (over()) break;
      take(of(Node, "textContent", script));
    }
    for (const { initiatorType, name } of performance.getEntriesByType("resource")) {
      if (["fetch", "xmlhttprequest"].includes(initiatorType)) take(name);
    }
  }
  const roots = [document];
  let left = 20_000;
  while (roots.length && left > 0 && !over()) {
    const walker = Document.prototype.createTreeWalker.call(document, roots.shift(), NodeFilter.SHOW_ELEMENT);
    for (let element = walker.nextNode(); element && left > 0 && !over(); element = walker.nextNode()) {
      left -= 1;
      read(element);
      const root = of(Element, "shadowRoot", element);
      if (root) roots.push(root);
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
