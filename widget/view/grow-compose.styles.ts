import { css } from 'lit';

export const styles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-block-size: 0;
    overflow-y: auto;
  }

  .choice {
    align-items: end;
    border-block-end: 1px solid var(--_line);
    display: grid;
    gap: 0.75rem 1rem;
    grid-template-columns: minmax(0, 1fr) auto;
    padding: 1rem;
  }

  h2 {
    font-size: 1.125em;
    grid-column: 1 / -1;
  }

  h2:focus {
    outline: none;
  }

  label {
    display: block;
    font-weight: 600;
    padding-block-end: 0.25rem;
  }

  select {
    border: 1px solid var(--_ink-soft);
    border-radius: 0.75rem;
    background: var(--_card);
    color: inherit;
    font: inherit;
    inline-size: 100%;
    min-block-size: 2.75rem;
    padding: 0.5rem 0.75rem;
  }

  grow-thread,
  .spacer {
    flex: 1;
  }

  .trouble {
    color: var(--_trouble);
    padding: 0.75rem 1rem 0;
  }
`;
