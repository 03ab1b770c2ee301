import { css } from 'lit';

export const styles = css`
  .body {
    max-inline-size: 42rem;
    padding: 1rem;
  }

  .people {
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_card);
    list-style: none;
    margin-block: 0.75rem 1rem;
  }

  .people li {
    align-items: center;
    display: flex;
    font-weight: 600;
    gap: 0.75rem;
    padding: 0.625rem 1rem;
  }

  .people li + li {
    border-block-start: 1px solid var(--_line);
  }

  .face {
    aspect-ratio: 1;
    border-radius: 50%;
    background: var(--_theirs);
    color: var(--_ink-soft);
    display: grid;
    flex: none;
    font-size: 0.875em;
    font-weight: 650;
    inline-size: 2.75rem;
    place-items: center;
  }

  .soft {
    color: var(--_ink-soft);
    font-weight: 400;
  }

  .facts {
    display: grid;
    font-size: 0.9375em;
    gap: 0.5rem;
    padding-inline-start: 1.25rem;
  }
`;
