import { css } from 'lit';

/** What stands before a conversation until it is closed: a heading that stays in view, and a way back beside it. */
export const panel = css`
  :host {
    display: block;
    container-type: inline-size;
    min-block-size: 0;
    overflow-wrap: anywhere;
    overflow-y: auto;
  }

  header {
    align-items: center;
    background: var(--_paper);
    border-block-end: 1px solid var(--_line);
    display: flex;
    gap: 0.75rem;
    inset-block-start: 0;
    min-block-size: 3.75rem;
    padding: 0.5rem 1rem;
    position: sticky;
  }

  /* Where there is little room, what is to be read needs it more. */
  @container (block-size < 26rem) {
    header {
      position: static;
    }
  }

  /* Said where the list, which says it too, is not on screen. */
  h1 {
    display: var(--_back, block);
  }

  .back {
    aspect-ratio: 1;
    flex: none;
    font-size: 1.25em;
    line-height: 1;
    padding: 0;
  }

  h2 {
    font-size: 1.0625em;
    font-weight: 650;
    line-height: 1.3;
  }

  h2:focus {
    outline: none;
  }
`;
