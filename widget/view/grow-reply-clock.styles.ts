import { css } from 'lit';

export const styles = css`
  :host {
    display: block;
    flex: none;
    font-size: 0.875em;
    line-height: 1.45;
  }

  .usual {
    color: var(--_ink-soft);
    padding: 0.375rem 1.5rem;
  }

  .late {
    align-items: center;
    background: color-mix(in oklab, var(--_accent) 22%, var(--_paper));
    border-block-start: 1px solid var(--_line);
    display: flex;
    flex-wrap: wrap;
    gap: 0.375rem 1rem;
    padding: 0.5rem 1rem;
  }

  .late > div {
    flex: 1 1 16rem;
  }

  .late .quiet {
    border-color: color-mix(in oklab, var(--_ink-soft) 55%, transparent);
  }

  .late [role] {
    display: inline;
  }

  .late .link {
    display: none;
  }

  @container (inline-size < 30rem) {
    .late #help:not(.open) {
      display: none;
    }

    .late .link {
      display: inline;
    }
  }

  @container (block-size < 36rem) {
    .late #help:not(.open) {
      display: none;
    }

    .late .link {
      display: inline;
    }
  }
`;
