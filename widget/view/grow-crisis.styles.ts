import { css } from 'lit';

export const styles = css`
  :host {
    display: block;
    container-type: inline-size;
    flex: none;
  }

  section {
    background: var(--grow-care, light-dark(#fdf1dc, #3b301d));
    border-block-start: 1px solid var(--_line);
    font-size: 0.875em;
    line-height: 1.45;
    padding: 0.5rem 1rem;
  }

  .lines {
    align-items: center;
    column-gap: 0.625em;
    display: flex;
    flex-wrap: wrap;
  }

  .number {
    white-space: nowrap;
  }

  /* On a line of its own it begins where the others do. */
  .lines .link {
    border-inline-width: 0;
    padding-inline: 0;
  }

  .lines a {
    display: inline-block;
    font-weight: 700;
    padding-block: 2px;
    white-space: nowrap;
  }

  .words {
    max-block-size: 50cqb;
    overflow-y: auto;
    padding-block-start: 2px;
  }

  ul {
    list-style: none;
    padding-block: 0.25rem;
  }

  li {
    align-items: baseline;
    column-gap: 0.75em;
    display: flex;
    flex-wrap: wrap;
  }

  li a {
    display: inline-block;
    font-weight: 700;
    padding-block: 4px;
  }

  @container (inline-size < 40rem) {
    .words:not(.open) {
      display: none;
    }
  }

  @container (block-size < 26rem) {
    section {
      padding-block: 0;
    }

    .words:not(.open) {
      display: none;
    }
  }
`;
