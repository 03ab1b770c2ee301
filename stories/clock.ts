const Real = Date;

/** A Wednesday morning, in whichever zone the reader is. */
const morning = new Real(2026, 2, 4, 10, 24).getTime();

let set = 0;

/** What the clock says in every story, so that a page looks the same whenever it is opened. It goes on. */
export function now(): number {
  return Math.floor(morning + performance.now() - set);
}

/** The moment, so many days before that Wednesday, at this time of day: 14:05. */
export function at(daysAgo: number, time: string): string {
  const [hours, minutes] = time.split(':').map(Number);
  return new Real(2026, 2, 4 - daysAgo, hours, minutes).toISOString();
}

/** Sets the page's clock to that morning. */
export function setClock(): void {
  set = performance.now();
  globalThis.Date = class extends Real {
    constructor(...given: []) {
      super(...((given.length > 0 ? given : [now()]) as []));
    }

    static override now = now;
  } as DateConstructor;
}
