import { css } from 'lit';

export const styles = css`
  :host {
    display: flex;
    flex: none;
    flex-direction: column;
    min-block-size: 0;
  }

  /* What is found by name stands instead of the list. */
  :host([mode='search']) {
    flex: 1;
  }

  .find {
    padding: 0 1rem 0.25rem;
  }

  #find {
    appearance: none;
    border: 1px solid var(--_ink-soft);
    border-radius: 62rem;
    background: var(--_card);
    color: inherit;
    font: inherit;
    inline-size: 100%;
    min-block-size: 2.75rem;
    padding: 0.375rem 1rem;
  }

  #find::placeholder {
    color: var(--_ink-soft);
    opacity: 1;
  }

  .filters {
    display: flex;
    flex-wrap: wrap;
    gap: 0 0.25rem;
    padding: 0.25rem 0.75rem 0;
  }

  label {
    align-items: center;
    border: 1px solid transparent;
    border-radius: 62rem;
    cursor: pointer;
    display: flex;
    font-size: 0.8125em;
    gap: 0.375rem;
    justify-content: center;
    min-block-size: 2.75rem;
    min-inline-size: 3.25rem;
    padding-inline: 0.5rem;
    position: relative;
  }

  label:hover {
    border-color: var(--_line);
  }

  label:has(:checked) {
    border-color: var(--_action);
    background: color-mix(in oklab, var(--_accent) 30%, var(--_paper));
    font-weight: 600;
  }

  @media (forced-colors: active) {
    label:has(:checked) {
      background: Highlight;
      color: HighlightText;
      forced-color-adjust: none;
    }
  }

  label:has(:focus-visible) {
    outline: 3px solid var(--_action);
    outline-offset: 2px;
  }

  [type='radio'] {
    appearance: none;
    inset: 0;
    margin: 0;
    outline: none;
    position: absolute;
  }

  .mark {
    line-height: 1.35;
    padding: 1px 0.375rem;
    text-align: center;
  }

  label:not(:has(:checked)) .count {
    color: var(--_ink-soft);
  }

  .said {
    color: var(--_ink-soft);
    display: flex;
    flex-wrap: wrap;
    font-size: 0.875em;
    gap: 0 0.5rem;
    padding: 0 1.125rem;
  }

  .said p:not(:empty) {
    padding-block: 0.25rem;
  }

  grow-inbox {
    flex: 1;
  }
`;
