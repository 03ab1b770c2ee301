import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';

/** Presses a key until the focus is there; fails when it never is. */
export async function reach(wanted: Locator, key = 'Tab'): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    if (await isFocused(wanted)) return;
    await wanted.page().keyboard.press(key);
  }
  assert.fail(`${key} never leads to ${String(wanted)}`);
}

export function isFocused(element: Locator): Promise<boolean> {
  return element.evaluate((found) => found.matches(':focus')).catch(() => false);
}

export async function untilFocused(element: Locator): Promise<void> {
  await element.and(element.page().locator(':focus')).waitFor();
}
