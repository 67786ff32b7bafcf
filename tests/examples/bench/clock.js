// The first script of each page that is measured: when its first frame and its first row are on the
// screen, and from that on the longest task of 50 ms or more, 0 if there is none. Where the browser does
// not tell of long tasks (W3C Long Tasks), gaps between ticks of a timer are taken for them.
(() => {
  const seen = { framed: null, painted: null, answers: null, longest: 0 };
  globalThis.mysafeBench = seen;
  const { port1, port2 } = new MessageChannel();
  const shown = (what) => {
    // The frame that this runs in paints it; what comes after that comes here.
    port1.onmessage = () => {
      seen.framed ??= performance.now();
      if (what !== "frame") seen.painted ??= performance.now();
      if (what === "answers") seen.answers = performance.now();
    };
    port2.postMessage(0);
  };
  const look = () => {
    if (document.querySelector("[id^='row-']")) return shown("answers");
    if (seen.painted === null && document.querySelector(".row")) shown("row");
    else if (seen.framed === null && document.querySelector(".frame")?.checkVisibility()) shown("frame");
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  const took = (from, time) => {
    if (seen.painted !== null && from + time > seen.painted && time >= 50) {
      seen.longest = Math.max(seen.longest, time);
    }
  };
  if (PerformanceObserver.supportedEntryTypes.includes("longtask")) {
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) took(startTime, duration);
    }).observe({ type: "longtask" });
  } else {
    const PAUSE = 4;
    let last = performance.now();
    const tick = () => {
      const now = performance.now();
      took(last, now - last - PAUSE);
      last = now;
      setTimeout(tick, PAUSE);
    };
    tick();
  }
})();
