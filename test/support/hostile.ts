/** What somebody may write who wants more than to be read. */
export const hostileTexts: readonly string[] = [
  '<script>globalThis.wasRun = true</script>',
  '<img src=x onerror="globalThis.wasRun = true">',
  '"><svg onload=globalThis.wasRun=true>',
  "' onmouseover='globalThis.wasRun = true",
  '" autofocus onfocus="globalThis.wasRun = true" x="',
  '</textarea><iframe srcdoc="<script>top.wasRun = true</script>"></iframe>',
  '</style><style>* { display: none !important }</style>',
  '<style>@import "https://evil.test/x.css"</style>',
  '<template><img src=x onerror=globalThis.wasRun=true></template>',
  '<!-- comment --> <!--><img src=x onerror=globalThis.wasRun=true>-->',
  '<math><mtext><table><mglyph><style><img src=x onerror=globalThis.wasRun=true>',
  '<object data="javascript:globalThis.wasRun=true"></object>',
  '<a href="javascript:globalThis.wasRun=true">click</a>',
  '<form action="https://evil.test"><button>Send</button></form>',
  '<meta http-equiv="refresh" content="0;url=https://evil.test">',
  '<base href="https://evil.test/">',
  '<grow-messages></grow-messages><slot name="disclaimer"></slot>',
  '${globalThis.wasRun = true} {{constructor.constructor("globalThis.wasRun=true")()}} #{1}',
  '<?lit$0000$> lit$0000$ {{lit-0000}} $lit$ <!--?lit$-->',
  '&lt;b&gt;bold&lt;/b&gt; &#60;script&#62; &nbsp;',
  '\u202Edesrever \u2066isolated\u2069 \u200B\u200D\uFEFF',
  'a\u0000b\u0007c\u001B[31mred',
  'Z̸̢͎̈́a̶̱͛l̵̰̈́g̸͙̈́o̶̠͝'.repeat(50),
  '﷽'.repeat(100),
  'x'.repeat(8_000),
  '\n'.repeat(500) + 'far below',
  '{"__proto__":{"wasRun":true}}',
  'javascript:globalThis.wasRun=true',
  'data:text/html,<script>globalThis.wasRun=true</script>',
];

/** What an element is made of, without its words: names and attributes, shadow roots included. */
export function shapeOf(root: Element): string {
  const parts: string[] = [];
  const look = (element: Element) => {
    parts.push(`<${element.localName} ${element.getAttributeNames().sort().join(' ')}>`);
    for (const child of element.shadowRoot?.children ?? []) look(child);
    for (const child of element.children) look(child);
    parts.push('</>');
  };
  look(root);
  return parts.join('');
}
