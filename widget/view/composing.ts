/** Whether a key ends or moves a composition (Japanese, Chinese, Korean): then it is not ours. Safari tells by keyCode 229 alone. */
export function isComposing({ isComposing, keyCode }: KeyboardEvent): boolean {
  return isComposing || keyCode === 229;
}
