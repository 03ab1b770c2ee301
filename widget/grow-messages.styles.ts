import { css } from 'lit';

export const styles = css`
  :host {
    background: var(--_paper);
    block-size: var(--grow-block-size, min(44rem, 100dvb));
    container-type: size;
    display: block;
    font-size: var(--grow-size, 1rem);
    min-inline-size: 0;
    overflow: clip;
  }

  .shell {
    block-size: 100%;
    display: flex;
    flex-direction: column;
    isolation: isolate;
    min-block-size: 0;
    overflow-y: auto;
  }

  .notices p {
    background: color-mix(in oklab, var(--_accent) 35%, var(--_paper));
    font-size: 0.875em;
    padding: 0.375rem 1rem;
  }

  main {
    contain: paint;
    display: grid;
    flex: 1;
    grid-template: minmax(0, 1fr) / minmax(0, 1fr);
    min-block-size: 0;
  }

  .list {
    display: flex;
    flex-direction: column;
    min-block-size: 0;
  }

  .top {
    align-items: center;
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem 1rem;
    justify-content: space-between;
    padding: 0.875rem 1rem 0.625rem;
  }

  .top .primary {
    font-size: 0.9375em;
    padding-inline: 0.875em;
  }

  h1 {
    font-size: 1.25em;
    font-weight: 650;
    letter-spacing: -0.01em;
    line-height: 1.25;
    margin: 0;
  }

  grow-inbox {
    flex: 1;
  }

  [mode='search'] + grow-inbox,
  [mode] + grow-inbox > slot {
    display: none;
  }

  .open {
    display: flex;
    flex-direction: column;
    min-block-size: 0;
    min-inline-size: 0;
  }

  .open > * {
    flex: 1;
  }

  /* Few words stand in the middle. */
  .open > :is(.hint, .gate) {
    flex: none;
  }

  .hint,
  .gate {
    color: var(--_ink-soft);
    margin: auto;
    max-inline-size: 30rem;
    padding: 2rem 1.5rem;
    text-align: center;
    text-wrap: balance;
  }

  .gate h2 {
    color: var(--_ink);
    font-size: 1.25em;
    padding-block-end: 0.5rem;
  }

  .gate button {
    margin-block-start: 1rem;
  }

  @container (inline-size < 44rem) {
    main[data-screen='inbox'] .open,
    main:not([data-screen='inbox']) .list {
      display: none;
    }
  }

  @container (inline-size >= 44rem) {
    main[data-screen] {
      grid-template-columns: minmax(16rem, 22rem) minmax(0, 1fr);
    }

    /* The list stands beside the thread: no way back is needed. */
    .open {
      --_back: none;
    }

    main[data-screen] .list {
      border-inline-end: 1px solid var(--_line);
    }
  }

  /* What is not to be seen is not to lie in a printer either. */
  @media print {
    grow-quick-hide[discreet] ~ main {
      display: none;
    }
  }

  /* Large text, strong zoom, a low window: the whole scrolls under the crisis lines instead of being squeezed. */
  @container (block-size < 26rem) {
    .shell {
      /* What has the focus is to be under neither the crisis lines nor the way to hide it all. */
      scroll-padding-block: 3rem 6rem;
    }

    main {
      flex: none;
      block-size: 22rem;
    }

    grow-crisis {
      inset-block-end: 0;
      position: sticky;
    }
  }
`;
