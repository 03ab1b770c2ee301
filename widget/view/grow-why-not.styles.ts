import { css } from 'lit';

export const styles = css`
  :host {
    display: grid;
    gap: 1rem;
    justify-items: start;
  }

  a {
    white-space: nowrap;
  }

  summary {
    color: var(--_action);
    cursor: pointer;
    font-weight: 600;
    padding-block: 0.625rem;
  }

  ul {
    display: grid;
    gap: 0.5rem;
    padding-block: 0.25rem 0.75rem;
    padding-inline-start: 1.25rem;
  }

  .acts {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
    padding-block-start: 0.75rem;
  }
`;
