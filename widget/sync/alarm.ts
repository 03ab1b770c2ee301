/** One wait that can be cut short: by the network's return, the tab's, or whoever rings. */
export class Alarm {
  #ring: (() => void) | undefined;

  /** Resolves after `delay` milliseconds, or as soon as something rings. */
  wait(delay: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.ring(), delay);
      this.#ring = () => {
        clearTimeout(timer);
        this.#ring = undefined;
        resolve();
      };
    });
  }

  ring(): void {
    this.#ring?.();
  }
}
