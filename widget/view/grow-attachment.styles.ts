import { css } from 'lit';

export const styles = css`
  :host {
    border-block-start: 1px solid var(--_line);
    display: grid;
    font-size: 0.9375em;
    gap: 0 0.75rem;
    margin-block-start: 0.375rem;
    min-inline-size: min(14rem, 60vw);
    padding-block-start: 0.375rem;
  }

  canvas {
    border-radius: 0.5rem;
    block-size: auto;
    justify-self: start;
    margin-block-end: 0.25rem;
    max-block-size: 15rem;
    max-inline-size: min(20rem, 100%);
  }

  .name {
    font-weight: 600;
    overflow-wrap: anywhere;
  }

  .soft {
    color: var(--_ink-soft);
    font-size: 0.875em;
  }

  .trouble {
    color: var(--_trouble);
    font-size: 0.875em;
    overflow-wrap: anywhere;
  }

  .acts {
    display: flex;
    gap: 0.75rem;
  }

  .link {
    justify-self: start;
    min-block-size: 2.75rem;
    padding: 0;
    text-align: start;
  }

  progress {
    accent-color: var(--_action);
    block-size: 0.375rem;
    inline-size: 100%;
  }

  .large {
    order: -1;
  }

  img {
    block-size: auto;
    display: block;
    margin-block-end: 0.5rem;
    max-inline-size: 100%;
  }
`;
