import { css } from 'lit';

export const styles = css`
  :host {
    display: flex;
    flex-direction: column;
    align-items: flex-start;
    padding-block: 3px;
  }

  :host([own]) {
    align-items: flex-end;
  }

  :host([joined]) {
    padding-block-end: 0;
  }

  .bubble {
    border: 1px solid transparent;
    border-radius: var(--_radius);
    border-end-start-radius: 0.3125rem;
    background: var(--_theirs);
    max-inline-size: min(36rem, 88%);
    padding: 0.5rem 0.875rem;
  }

  :host([own]) .bubble {
    border-color: var(--_line);
    border-end-start-radius: var(--_radius);
    border-end-end-radius: 0.3125rem;
    background: var(--_card);
    box-shadow: 0 1px 2px rgb(40 30 60 / 8%);
  }

  :host([echo]) .bubble {
    border-style: dashed;
    border-color: var(--_ink-soft);
    background: transparent;
    box-shadow: none;
  }

  :host([state='refused']) .bubble {
    border-color: var(--_trouble);
  }

  .text {
    overflow-wrap: anywhere;
    unicode-bidi: isolate;
    white-space: pre-wrap;
  }

  .about {
    color: var(--_ink-soft);
    font-size: 0.8125em;
    max-inline-size: min(36rem, 88%);
    padding: 2px 0.375rem 0;
  }

  .acts {
    white-space: nowrap;
  }

  :host([own]) .about {
    text-align: end;
  }

  :host([state='refused']) .about {
    color: var(--_trouble);
  }
`;
