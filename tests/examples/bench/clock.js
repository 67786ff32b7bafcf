// Runs in each document before its own scripts: when its first row is on the screen, and the longest of
// its long tasks (W3C Long Tasks: 50 ms or more; 0 if there is none).
(() => {
  const seen = { painted: null, longest: 0 };
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
    seen.longest = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) seen.longest = Math.max(seen.longest, duration);
    }).observe({ type: "longtask" });
  };
})();
