import { css } from 'lit';

export const styles = css`
  :host {
    display: block;
    flex: 1;
    min-block-size: 0;
    position: relative;
  }

  .scroller {
    block-size: 100%;
    /* The place is kept by this element: the browser's own way would move it twice. */
    overflow-anchor: none;
    overflow-x: clip;
    overflow-y: auto;
    overscroll-behavior: contain;
    padding: 0.75rem 1rem;
  }

  .scroller:focus-visible {
    outline-offset: -3px;
  }

  .rows {
    display: flex;
    flex-direction: column;
    justify-content: flex-end;
    margin-inline: auto;
    max-inline-size: 56rem;
    min-block-size: 100%;
  }

  .items,
  .items > div {
    display: contents;
  }

  h3 {
    align-self: center;
    color: var(--_ink-soft);
    font-size: 0.8125em;
    font-weight: 600;
    padding-block: 0.875rem 0.375rem;
  }

  .unread {
    align-items: center;
    color: var(--_action);
    display: flex;
    font-size: 0.8125em;
    font-weight: 700;
    gap: 0.75rem;
    padding-block: 0.5rem;
  }

  .unread::before,
  .unread::after {
    block-size: 2px;
    background: var(--_accent);
    content: '';
    flex: 1;
  }

  .edge {
    align-self: center;
    color: var(--_ink-soft);
    font-size: 0.875em;
    padding-block: 0.75rem;
    text-align: center;
  }

  /* At the end, the way to the newest lies over it. */
  .edge:last-child:not(:first-child) {
    padding-block-end: 4.25rem;
  }

  .newest {
    box-shadow: 0 2px 0.5rem rgb(40 30 60 / 20%);
    inset-block-end: 0.75rem;
    inset-inline-end: 1.25rem;
    position: absolute;
  }
`;
