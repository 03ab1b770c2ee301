/** How often it is looked whether time has passed that the page knows nothing of. */
const look = 30_000;

/** Longer than a hidden page is made to wait for its timers. */
const asleep = 90_000;

/** What a page goes through that its connections may not outlive. */
export type PageLife = {
  /** It is put aside, by the back/forward cache or frozen: from now on it can neither hear nor answer. */
  readonly onAside: () => void;
  /** It is back from there. */
  readonly onBack: () => void;
  /** The computer slept. */
  readonly onAwake: () => void;
};

/** Tells of it, until the function that this returns is called. */
export function followPage({ onAside, onBack, onAwake }: PageLife): () => void {
  const handlePagehide = ({ persisted }: PageTransitionEvent) => persisted && onAside();
  const handlePageshow = ({ persisted }: PageTransitionEvent) => persisted && onBack();
  addEventListener('pagehide', handlePagehide);
  addEventListener('pageshow', handlePageshow);
  document.addEventListener('freeze', onAside);
  document.addEventListener('resume', onBack);
  let last = Date.now();
  const timer = setInterval(() => {
    const now = Date.now();
    if (now - last > asleep) onAwake();
    last = now;
  }, look);
  return () => {
    removeEventListener('pagehide', handlePagehide);
    removeEventListener('pageshow', handlePageshow);
    document.removeEventListener('freeze', onAside);
    document.removeEventListener('resume', onBack);
    clearInterval(timer);
  };
}
