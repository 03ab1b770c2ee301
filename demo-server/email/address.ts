/**
 * Whether this is one plain address and nothing besides: no name, no second one, no line that would become a
 * header. Narrower than what a mail server may take, as wide as what the directory takes.
 */
export function isAddress(value: string): boolean {
  return value.length <= 254 && /^[\w!#$%&'*+/=?^`{|}~.-]{1,64}@[a-z\d]([a-z\d.-]*[a-z\d])?$/i.test(value);
}
