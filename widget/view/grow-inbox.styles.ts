import { css } from 'lit';

export const styles = css`
  :host {
    display: block;
    min-block-size: 0;
    overflow-y: auto;
  }

  ul {
    list-style: none;
    padding: 0 0.5rem 0.5rem;
  }

  .thread {
    align-items: center;
    border-radius: 0.75rem;
    display: flex;
    gap: 0.75rem;
    inline-size: 100%;
    /* Rows of one height, whatever stands in them: a long list counts on it. */
    min-block-size: 4.25em;
    padding: 0.5rem 0.625rem;
    text-align: start;
  }

  li {
    padding-block: 1px;
  }

  .about {
    display: grid;
    flex: 1;
    gap: 1px;
    grid-template-columns: minmax(0, 1fr);
    min-inline-size: 0;
  }

  .row {
    align-items: baseline;
    display: flex;
    gap: 0.5rem;
    justify-content: space-between;
  }

  .thread:hover {
    background: var(--_theirs);
  }

  .thread[aria-current='true'] {
    /* On this ground the soft ink would be too faint, whatever a portal's colours are. */
    --_ink-soft: var(--_ink);
    background: color-mix(in oklab, var(--_accent) 38%, var(--_paper));
  }

  /* Forced colours show what is transparent else. The button's own outline is for the focus. */
  li:has([aria-current='true']) {
    border-radius: 0.75rem;
    outline: 3px solid transparent;
  }

  .face {
    aspect-ratio: 1;
    border-radius: 50%;
    background: var(--_theirs);
    border: 1px solid var(--_line);
    color: var(--_ink-soft);
    display: grid;
    font-size: 0.875em;
    font-weight: 650;
    flex: none;
    inline-size: 2.75rem;
    place-items: center;
  }

  .name,
  .line {
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .name {
    font-weight: 600;
  }

  .line {
    color: var(--_ink-soft);
    flex: 1;
    font-size: 0.9375em;
    text-align: match-parent;
  }

  .is-unread .line {
    color: var(--_ink);
    font-weight: 600;
  }

  time,
  .note {
    color: var(--_ink-soft);
    font-size: 0.8125em;
    white-space: nowrap;
  }

  .mark {
    font-size: 0.8125em;
    flex: none;
    outline: 1px solid transparent;
    line-height: 1.35;
    min-inline-size: 1.5rem;
    padding: 1px 0.4375rem;
    text-align: center;
  }

  .loading {
    color: var(--_ink-soft);
    padding: 1.5rem 1.25rem;
  }

  .more {
    block-size: 1px;
  }
`;
