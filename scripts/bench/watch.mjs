/** Runs in the page, before anything of it: looks at every frame whether the words are on screen. */
export function watch(words) {
  let longestTask = 0;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longestTask = Math.max(longestTask, duration);
  }).observe({ type: 'longtask', buffered: true });

  const bench = (globalThis.bench = { firstText: undefined, scripts: [], read, untilOnScreen });

  void untilOnScreen(words).then(() => {
    bench.firstText = performance.now();
    bench.scripts = performance
      .getEntriesByType('resource')
      .filter(({ responseEnd }) => responseEnd <= bench.firstText)
      .map(({ name }) => name)
      .filter((name) => name.endsWith('.js'));
  });

  /** Resolves with the time of day when the words have been painted. */
  function untilOnScreen(text) {
    return new Promise((resolve) => {
      const look = () => {
        if (!isOnScreen(document, text)) {
          requestAnimationFrame(look);
          return;
        }
        // This frame paints it; a message posted now is read after that.
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(Date.now());
        port2.postMessage(undefined);
      };
      requestAnimationFrame(look);
    });
  }

  function isOnScreen(root, text) {
    for (const node of nodesIn(root)) {
      if (node.nodeType !== Node.TEXT_NODE || !node.data.includes(text)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const { top, bottom, height } = range.getBoundingClientRect();
      if (height > 0 && bottom > 0 && top < innerHeight) return true;
    }
    return false;
  }

  function* nodesIn(root) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ALL);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      yield node;
      if (node.shadowRoot) yield* nodesIn(node.shadowRoot);
    }
  }

  function read() {
    const nodes = [...nodesIn(document)].length;
    return { firstText: bench.firstText, scripts: bench.scripts, longestTask, nodes };
  }
}
