import { css } from 'lit';

export const styles = css`
  :host {
    container-type: size;
    display: flex;
    flex-direction: column;
    min-block-size: 0;
    overflow-y: auto;
  }

  .top {
    align-items: center;
    display: flex;
    flex: none;
    gap: 0.5rem 1rem;
    justify-content: space-between;
    padding: 0.5rem 1rem;
  }

  /* Said where the list, which says it too, is not on screen. */
  h1 {
    display: var(--_back, block);
  }

  h2 {
    font-size: 1.125em;
    line-height: 1.3;
  }

  h2:focus {
    outline: none;
  }

  .choice {
    border-block-end: 1px solid var(--_line);
    flex: none;
    padding: 0 1rem 1rem;
  }

  .soft {
    color: var(--_ink-soft);
    font-size: 0.9375em;
    padding-block-start: 0.5rem;
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

  .spacer {
    flex: 1;
  }

  /* In a low window one scrolls to it, rather than reading through a slit. */
  grow-thread {
    flex: 1 0 min(20rem, 100cqb);
  }

  .trouble {
    color: var(--_trouble);
    padding: 0.75rem 1rem 0;
  }

  .words {
    flex: none;
    max-inline-size: 40rem;
    padding: 0.5rem 1rem 1rem;
  }
`;
