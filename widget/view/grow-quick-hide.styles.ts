import { css } from 'lit';

export const styles = css`
  /* In a low window everything scrolls but this and the crisis lines. */
  :host {
    display: block;
    flex: none;
    inset-block-start: 0;
    position: sticky;
    z-index: 1;
  }

  :host([session='locked']) {
    display: grid;
    flex: 1;
    position: static;
  }

  .bar {
    align-items: center;
    background: var(--_theirs);
    border-block-end: 1px solid var(--_line);
    display: flex;
    font-size: 0.875em;
    gap: 0.75rem;
    justify-content: flex-end;
    padding-block: 0.1875rem;
    padding-inline: 1rem 0.5rem;
  }

  .bar button {
    flex: none;
    font-weight: 600;
  }

  @media not (any-pointer: coarse) {
    .bar button {
      min-block-size: 2.25rem;
    }
  }

  .how {
    color: var(--_ink-soft);
  }

  .soon {
    flex: 1;
    line-height: 1.3;
    padding-block: 0.25rem;
  }

  .soon:empty {
    display: none;
  }

  .alone:not(:empty) {
    background: color-mix(in oklab, var(--_accent) 35%, var(--_paper));
    font-size: 0.875em;
    padding: 0.375rem 1rem;
  }

  /* Nobody presses a key there. */
  @media (any-hover: none) {
    .how {
      display: none;
    }
  }

  main {
    display: grid;
  }

  .cover {
    margin: auto;
    max-inline-size: 30rem;
    padding: 2rem 1.5rem;
    text-align: center;
  }

  .cover h2 {
    font-size: 1.25em;
    padding-block-end: 0.5rem;
  }

  .cover p {
    color: var(--_ink-soft);
  }

  .cover button {
    margin-block-start: 1rem;
  }
`;
