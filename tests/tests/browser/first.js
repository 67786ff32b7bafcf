// Runs before the scripts of the screens.
(() => {
  // The second part of the module, which is the application, does not come before it is let in.
  const come = WebAssembly.instantiateStreaming.bind(WebAssembly);
  const entry = new Promise((done) => {
    globalThis.letIn = done;
  });
  WebAssembly.instantiateStreaming = async (...all) => {
    if (localStorage.getItem("hold")) {
      globalThis.isHeld = true;
      await entry;
      if (localStorage.getItem("hold") === "for good") throw new Error("not there");
    }
    return come(...all);
  };

  // Once rows were seen, each frame has some.
  globalThis.blankFrames = 0;
  let had = false;
  const look = () => {
    const has = [...document.querySelectorAll(".row .name")].some((row) => row.checkVisibility());
    if (had && !has) globalThis.blankFrames++;
    had ||= has;
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);

  // What is seen within an element: each text, icon and box with its place and colours.
  globalThis.looks = (root) => {
    const seen = new Set();
    const place = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(" ");
    const is_seen = (element) =>
      element.checkVisibility() &&
      // What comes only once the browser was asked, and what only screen readers are told.
      !element.closest(".unseen, .notices, .banners, option, [aria-label='Open side panel']");
    for (const element of document.querySelector(root).querySelectorAll("*")) {
      const box = element.getBoundingClientRect();
      if (!is_seen(element) || box.width * box.height === 0) continue;
      const style = getComputedStyle(element);
      const { color, backgroundColor, outlineColor, outlineWidth, opacity } = style;
      if (element.localName === "path") {
        seen.add(["icon", element.getAttribute("d"), place(box), style.stroke].join(" | "));
      }
      const edge = style.borderBlockStartWidth === "0px" ? "" : style.borderBlockStartColor;
      if (edge || backgroundColor !== "rgba(0, 0, 0, 0)" || opacity !== "1") {
        const outline = style.outlineStyle === "none" ? "" : `${outlineColor} ${outlineWidth}`;
        seen.add(["box", place(box), backgroundColor, edge, outline, opacity].join(" | "));
      }
      for (const node of element.childNodes) {
        const text = node.nodeType === Node.TEXT_NODE && node.data.trim();
        if (!text) continue;
        const range = document.createRange();
        range.selectNode(node);
        const { fontSize, fontWeight } = style;
        seen.add([text, place(range.getBoundingClientRect()), color, fontSize, fontWeight].join(" | "));
      }
      if (element.placeholder) seen.add([element.placeholder, place(box)].join(" | "));
    }
    return [...seen].sort().join("\n");
  };
})();
