import type { Store } from '../state/store.ts';

/** How long a browser may take to write down what it was given. */
const writtenWithin = 60_000;

/**
 * Gives a file to the browser to save. Whatever it is, it is handed over as bytes of no kind: at an address of
 * this page, a browser that opens it instead would run it as this page's own. The address is good until the file is
 * written down, and no longer than `me` is who it is.
 */
export function saveFile(bytes: Blob, name: string, me: Store<unknown>): void {
  const address = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  const end = () => {
    clearTimeout(timer);
    leave();
    URL.revokeObjectURL(address);
  };
  const timer = setTimeout(end, writtenWithin);
  const leave = me.subscribe(end);
}
