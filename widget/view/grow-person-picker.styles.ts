import { css } from 'lit';

export const styles = css`
  :host {
    display: block;
    position: relative;
  }

  label {
    display: block;
    font-weight: 600;
    padding-block-end: 0.25rem;
  }

  input {
    border: 1px solid var(--_ink-soft);
    border-radius: 0.75rem;
    background: var(--_card);
    color: inherit;
    font: inherit;
    inline-size: 100%;
    min-block-size: 2.75rem;
    padding-block: 0.5rem;
    padding-inline: 0.75rem 2.25rem;
    text-overflow: ellipsis;
    unicode-bidi: plaintext;
  }

  input::placeholder {
    color: var(--_ink-soft);
    opacity: 1;
  }

  /* As a drop-down shows that it is one. */
  .box {
    display: block;
    position: relative;
  }

  .box::after {
    border: solid var(--_ink-soft);
    border-width: 0 2px 2px 0;
    content: '';
    block-size: 0.5rem;
    inline-size: 0.5rem;
    inset-block-start: calc(50% - 0.4rem);
    inset-inline-end: 1rem;
    pointer-events: none;
    position: absolute;
    rotate: 45deg;
  }

  /* Inside the screen that scrolls, so that nothing cuts it off and it never comes over the crisis lines. */
  .popup {
    border: 1px solid var(--_ink-soft);
    border-radius: 0.75rem;
    background: var(--_card);
    box-shadow: 0 0.5rem 1.5rem rgb(40 30 60 / 20%);
    inset-block-start: calc(100% + 0.25rem);
    inset-inline: 0;
    overflow: hidden;
    position: absolute;
    z-index: 1;
  }

  ul {
    list-style: none;
    max-block-size: clamp(6rem, calc(100cqb - 14rem), 22rem);
    overflow-y: auto;
    overscroll-behavior: contain;
  }

  li {
    align-items: center;
    cursor: pointer;
    display: flex;
    flex-wrap: wrap;
    gap: 0 0.75rem;
    justify-content: space-between;
    min-block-size: 2.75rem;
    overflow-wrap: anywhere;
    padding: 0.375rem 0.75rem;
  }

  li:hover {
    background: var(--_theirs);
  }

  li[aria-selected='true'] {
    background: color-mix(in oklab, var(--_accent) 38%, var(--_card));
    box-shadow: inset 0.25rem 0 var(--_action);
  }

  li[aria-selected='true']:dir(rtl) {
    box-shadow: inset -0.25rem 0 var(--_action);
  }

  li span,
  .popup p {
    font-size: 0.875em;
  }

  .popup p {
    border-block-start: 1px solid var(--_line);
    color: var(--_ink-soft);
    padding: 0.5rem 0.75rem;
  }

  [hidden] + p {
    border-block-start: 0;
  }

  /* In a low window the box moves up when its list opens, so that there is room for both. */
  @container (block-size < 26rem) {
    :host {
      scroll-margin-block-end: 8rem;
    }
  }

  @media (forced-colors: active) {
    li[aria-selected='true'] {
      background: Highlight;
      color: HighlightText;
      forced-color-adjust: none;
    }
  }
`;
