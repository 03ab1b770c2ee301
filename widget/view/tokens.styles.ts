import { css } from 'lit';

/**
 * What a portal may tune. Set any of these on `<grow-messages>` or above it; colours follow the page's
 * `color-scheme`.
 *
 * @cssprop --grow-font - Typeface.
 * @cssprop --grow-size - Size of the text; everything else is in proportion to it.
 * @cssprop --grow-accent - The lilac: unread marks, the chosen thread, focus.
 * @cssprop --grow-on-accent - Text on the lilac.
 * @cssprop --grow-action - Buttons and links: the accent, dark enough to read.
 * @cssprop --grow-on-action - Text on a button.
 * @cssprop --grow-paper - What everything lies on.
 * @cssprop --grow-card - A delivered message, the composer, a list.
 * @cssprop --grow-theirs - The other's messages.
 * @cssprop --grow-ink - Text.
 * @cssprop --grow-ink-soft - Times and hints.
 * @cssprop --grow-line - Fine lines between things.
 * @cssprop --grow-care - Behind the crisis lines.
 * @cssprop --grow-trouble - What was refused.
 * @cssprop --grow-radius - How round the corners are.
 * @cssprop --grow-button-radius - How round the buttons are.
 */
export const tokens = css`
  :host {
    --_accent: var(--grow-accent, light-dark(#cdbcf3, #b9a4ea));
    --_action: var(--grow-action, light-dark(#5b4296, #cdbcf3));
    --_paper: var(--grow-paper, light-dark(#faf7f3, #1d1a22));
    --_card: var(--grow-card, light-dark(#fff, #38323f));
    --_theirs: var(--grow-theirs, light-dark(#efe8df, #2a2530));
    --_ink: var(--grow-ink, light-dark(#2a2530, #f3eef8));
    --_ink-soft: var(--grow-ink-soft, light-dark(#625a6b, #bdb4c7));
    --_line: var(--grow-line, light-dark(#e4dcd2, #423b4a));
    --_trouble: var(--grow-trouble, light-dark(#9a2a2a, #ffb3a7));
    --_radius: var(--grow-radius, 1rem);
  }
`;

/** What every element shares: text, focus, buttons, and what only screen readers meet. */
export const base = css`
  :host {
    box-sizing: border-box;
    color: var(--_ink);
    font: 400 1em/1.5 var(--grow-font, system-ui, sans-serif);
  }

  :host([hidden]),
  [hidden] {
    display: none !important;
  }

  *,
  ::before,
  ::after {
    box-sizing: inherit;
  }

  h2,
  h3,
  p,
  ul {
    margin: 0;
    padding: 0;
  }

  a {
    color: var(--_action);
    text-underline-offset: 0.15em;
  }

  :focus-visible {
    outline: 3px solid var(--_action);
    outline-offset: 2px;
  }

  button {
    border: 1px solid transparent;
    border-radius: var(--grow-button-radius, 62rem);
    background: none;
    color: inherit;
    cursor: pointer;
    font: inherit;
    min-block-size: 2.75rem;
    padding: 0.375em 1.125em;
  }

  button:disabled {
    cursor: default;
    opacity: 0.5;
  }

  .primary {
    background: var(--_action);
    color: var(--grow-on-action, light-dark(#fff, #271c42));
    font-weight: 600;
  }

  .primary:hover:not(:disabled) {
    filter: brightness(1.15);
  }

  .quiet {
    border-color: var(--_line);
    background: var(--_card);
  }

  .quiet:hover {
    border-color: var(--_action);
  }

  .link {
    border-radius: 0.25rem;
    color: var(--_action);
    font-weight: 600;
    min-block-size: 1.5rem;
    padding: 0 0.25em;
    text-decoration: underline;
    text-underline-offset: 0.15em;
  }

  .mark {
    border-radius: 62rem;
    background: var(--_accent);
    color: var(--grow-on-accent, #271c42);
    font-weight: 700;
  }

  .only-heard {
    block-size: 1px;
    clip-path: inset(50%);
    inline-size: 1px;
    overflow: hidden;
    position: absolute;
    white-space: nowrap;
  }
`;
