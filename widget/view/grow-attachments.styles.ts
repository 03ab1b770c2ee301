import { css } from 'lit';

export const styles = css`
  :host {
    display: block;
    font-size: 0.875em;
    max-block-size: clamp(8rem, 35vh, 20rem);
    overflow-y: auto;
  }

  ul {
    display: grid;
    gap: 0.375rem;
    grid-template-columns: repeat(auto-fill, minmax(min(16rem, 100%), 1fr));
    list-style: none;
    padding-block-end: 0.5rem;
  }

  li,
  .refused {
    align-items: center;
    border: 1px solid var(--_line);
    border-radius: 0.625rem;
    background: var(--_card);
    display: flex;
    gap: 0.25rem;
    padding-inline-start: 0.75rem;
  }

  .refused {
    justify-content: space-between;
    margin-block-end: 0.5rem;
    overflow-wrap: anywhere;
  }

  .is-refused,
  .refused {
    border-color: var(--_trouble);
  }

  .about {
    display: grid;
    flex: 1;
    gap: 0 0.5rem;
    grid-template-columns: minmax(0, 1fr) auto;
    min-inline-size: 0;
    padding-block: 0.375rem;
  }

  .about strong {
    font-weight: 600;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .is-refused strong {
    overflow-wrap: anywhere;
    white-space: normal;
  }

  .about :nth-child(n + 3) {
    grid-column: 1 / -1;
  }

  .soft {
    color: var(--_ink-soft);
  }

  .why {
    color: var(--_trouble);
    overflow-wrap: anywhere;
  }

  progress {
    accent-color: var(--_action);
    block-size: 0.375rem;
    inline-size: 100%;
  }

  .cross {
    flex: none;
    font-size: 1.25em;
    inline-size: 2.75rem;
    line-height: 1;
    padding: 0;
  }

  .link {
    justify-self: start;
    min-block-size: 2.75rem;
    padding: 0;
  }
`;
