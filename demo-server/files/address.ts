/** Links that a person follows by a click: to the web, to mail, to telephones, within the document. */
export function isHarmlessAddress(address: string): boolean {
  // Readers leave spaces and control characters out of addresses, so a scheme can't hide among them.

  const bare = address.replace(/[\0-\x20]/g, '').toLowerCase();
  // Another machine, by its Windows name: following it hands over a password's hash.
  if (/^[\\/]{2}/.test(bare)) return false;
  const scheme = /^([a-z][a-z0-9+.-]*):/.exec(bare)?.[1];
  return scheme === undefined || harmless.has(scheme);
}

const harmless: ReadonlySet<string> = new Set(['http', 'https', 'mailto', 'tel', 'sms']);
