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
    column-gap: 0.75rem;
    display: grid;
    grid-template: 'face name time' auto 'face line mark' auto / auto 1fr auto;
    inline-size: 100%;
    margin-block: 0.125rem;
    padding: 0.625rem;
    text-align: start;
  }

  .thread:hover {
    background: var(--_theirs);
  }

  .thread[aria-current='true'] {
    background: color-mix(in oklab, var(--_accent) 38%, var(--_paper));
  }

  .face {
    aspect-ratio: 1;
    border-radius: 50%;
    background: var(--_theirs);
    border: 0.0625rem solid var(--_line);
    color: var(--_ink-soft);
    display: grid;
    font-size: 0.875em;
    font-weight: 650;
    grid-area: face;
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
    grid-area: name;
  }

  .line {
    color: var(--_ink-soft);
    font-size: 0.9375em;
    grid-area: line;
  }

  .is-unread .line {
    color: var(--_ink);
    font-weight: 600;
  }

  time {
    color: var(--_ink-soft);
    font-size: 0.8125em;
    grid-area: time;
    white-space: nowrap;
  }

  .mark {
    font-size: 0.8125em;
    grid-area: mark;
    justify-self: end;
    min-inline-size: 1.5rem;
    padding: 0.0625rem 0.4375rem;
    text-align: center;
  }

  .empty {
    color: var(--_ink-soft);
    padding: 1.5rem 1.25rem;
  }

  .empty strong {
    color: var(--_ink);
    display: block;
  }

  .more {
    block-size: 1px;
  }
`;
