/** The network, as it comes in by the constructor. */
export type Fetch = typeof globalThis.fetch;
