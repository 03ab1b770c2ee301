import { css } from 'lit';

export const styles = css`
  :host {
    display: block;
    background: var(--_paper);
    border-block-start: 1px solid var(--_line);
    padding: 0.625rem 1rem;
  }

  form {
    align-items: flex-end;
    display: flex;
    gap: 0.5rem;
  }

  textarea {
    border: 1px solid var(--_ink-soft);
    border-radius: var(--_radius);
    background: var(--_card);
    color: inherit;
    field-sizing: content;
    flex: 1;
    font: inherit;
    max-block-size: var(--grow-composer-max-height, 12rem);
    min-block-size: 2.75rem;
    min-inline-size: 0;
    overflow-wrap: anywhere;
    padding: 0.5625rem 0.875rem;
    resize: none;
  }

  textarea::placeholder {
    color: var(--_ink-soft);
    opacity: 1;
  }

  svg {
    display: block;
    block-size: 1.5rem;
    fill: none;
    stroke: currentcolor;
    stroke-width: 2;
  }

  form .quiet {
    padding: 0.5rem;
  }

  .below {
    color: var(--_ink-soft);
    align-items: baseline;
    display: flex;
    flex-wrap: wrap;
    font-size: 0.8125em;
    gap: 0 1rem;
    justify-content: space-between;
    padding: 0.25rem 0.5rem 0;
  }

  .below .link {
    border-inline-width: 0;
    margin-inline-end: auto;
    padding: 0;
  }

  @media (pointer: coarse) {
    .hint {
      display: none;
    }
  }

  @container (inline-size < 30rem) {
    .hint {
      display: none;
    }
  }

  .over {
    color: var(--_trouble);
    font-weight: 600;
  }
`;
