import { css } from 'lit';

export const styles = css`
  :host {
    font-size: var(--grow-size, 1rem);
  }

  dialog {
    background: var(--_paper);
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    color: inherit;
    inline-size: min(30rem, 100dvi - 2rem);
    max-block-size: calc(100dvb - 2rem);
    overflow-y: auto;
    padding: 0;
  }

  dialog::backdrop {
    background: rgb(0 0 0 / 50%);
  }

  .words {
    padding: 1.5rem 1.5rem 1.25rem;
  }

  h2 {
    font-size: 1.25em;
    padding-block-end: 0.5rem;
  }

  .answers {
    display: flex;
    flex-wrap: wrap;
    gap: 0.75rem;
    padding-block-start: 1.25rem;
  }
`;
