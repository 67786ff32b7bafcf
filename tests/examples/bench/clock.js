// Runs in each document before its own scripts: when its first row is on the screen, and how long it
// ever answers to nothing.
(() => {
  const seen = { painted: null, gap: 0, first: null };
  globalThis.mysafeBench = seen;
  const { port1, port2 } = new MessageChannel();
  const look = () => {
    if (!document.querySelector("[id^='row-']")) return requestAnimationFrame(look);
    // The frame that this runs in paints it; what comes after that comes here.
    port1.onmessage = () => { seen.painted = performance.now(); };
    port2.postMessage(0);
  };
  requestAnimationFrame(look);
  seen.watch = () => {
    const ticks = new MessageChannel();
    let last = performance.now();
    seen.gap = 0;
    ticks.port1.onmessage = () => {
      const now = performance.now();
      seen.gap = Math.max(seen.gap, now - last);
      last = now;
      ticks.port2.postMessage(0);
    };
    ticks.port2.postMessage(0);
  };
})();
