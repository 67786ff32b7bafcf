// Before the first paint: the colours and the kind of view, so that nothing flashes or jumps.
(() => {
  const root = document.documentElement;
  const theme = localStorage.getItem("theme");
  if (theme) root.dataset.theme = theme;
  if (chrome.extension.getViews({ type: "popup" }).includes(window)) root.dataset.view = "popup";
  if (location.search === "?panel") root.dataset.view = "panel";
  // What is there at first does not move in; what comes after the first input may.
  for (const input of ["pointerdown", "keydown"]) {
    addEventListener(input, () => (root.dataset.moved = ""), { capture: true, once: true });
  }
})();
