import { css } from 'lit';

export const styles = css`
  h3 {
    font-size: 1em;
    font-weight: 650;
    line-height: 1.3;
  }

  .cards {
    display: grid;
    gap: 1rem;
    padding: 1rem;
  }

  .cards section {
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_card);
    overflow: hidden;
  }

  .about {
    background: var(--_theirs);
    padding: 0.75rem 1rem;
  }

  .provider .about {
    background: color-mix(in oklab, var(--_accent) 35%, var(--_card));
  }

  .about p {
    font-size: 0.8125em;
  }

  .about .quiet {
    margin-block: 0.75rem 0.25rem;
  }

  .cards ul {
    list-style: none;
  }

  .cards li {
    border-block-start: 1px solid var(--_line);
  }

  li button {
    align-items: center;
    border: 0;
    border-radius: 0;
    display: flex;
    gap: 0.75rem;
    inline-size: 100%;
    justify-content: space-between;
    line-height: 1.4;
    padding: 0.6875rem 1rem;
    text-align: start;
  }

  li button:hover {
    background: var(--_theirs);
  }

  li button:focus-visible {
    outline-offset: -3px;
  }

  .onward {
    color: var(--_action);
    flex: none;
    font-size: 1.25em;
    line-height: 1;
  }

  .links {
    display: flex;
    flex-wrap: wrap;
    font-size: 0.875em;
    gap: 0 1.25rem;
    padding: 0 1rem 0.625rem;
  }

  .links:empty {
    display: none;
  }

  .links a {
    padding-block: 0.25rem;
  }

  .replies {
    display: grid;
    font-size: 0.9375em;
    gap: 0.5rem;
    justify-items: start;
    max-inline-size: 42rem;
    padding: 0.25rem 1rem 1.25rem;
  }

  .replies :is(ul, ol) {
    margin: 0;
    padding-inline-start: 1.5em;
  }

  @container (inline-size >= 34rem) {
    .cards {
      grid-template-columns: 1fr 1fr;
    }
  }
`;
