import { css } from 'lit';

export const styles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-block-size: 0;
    min-inline-size: 0;
  }

  header {
    align-items: center;
    border-block-end: 1px solid var(--_line);
    display: flex;
    flex: none;
    gap: 0.75rem;
    min-block-size: 3.75rem;
    padding: 0.5rem 1rem;
  }

  h2 {
    font-size: 1.0625em;
    font-weight: 650;
    line-height: 1.3;
    overflow-wrap: anywhere;
  }

  h2:focus {
    outline: none;
  }

  header .link {
    font-size: 0.8125em;
    font-weight: 400;
    padding: 0;
  }

  /* Both stand in for the list where it is not on screen: what this is, and the way back to it. */
  h1,
  .back {
    display: var(--_back, block);
  }

  .back {
    aspect-ratio: 1;
    flex: none;
    font-size: 1.25em;
    line-height: 1;
    padding: 0;
  }

  :host(:not([alone])) :is(h1, .back) {
    display: none;
  }

  .state {
    flex: 1;
    margin: auto;
    padding: 2rem 1.5rem;
    text-align: center;
  }

  .ended {
    border-block-start: 1px solid var(--_line);
    background: var(--_theirs);
    flex: none;
    padding: 0.75rem 1rem;
  }

  .ended button {
    margin-block-start: 0.5rem;
  }

  .soft {
    color: var(--_ink-soft);
  }
`;
