/** What libraries carry and nothing here needs, where no bundler can see that. */
const ballast = [
  // A store's methods on the database itself, and how cursors move: put in when idb is loaded, whoever uses it.
  { file: '/idb/build/index.js', code: /const readMethods[^]*?(?=export \{)/, instead: '' },
  { file: '/idb/build/index.js', code: /if \(getCursorAdvanceMethods[^]*?\n {4}\}\n/, instead: '' },
  // Style sheets for browsers that can't adopt them: those can't do our colours and containers either.
  {
    file: '/@lit/reactive-element/css-tag.js',
    code: /\w+\.ShadowRoot&&.*?"replace"in CSSStyleSheet\.prototype/,
    instead: 'true',
  },
  // What to tell who makes a style sheet of something that is none: it is still refused.
  {
    file: '/@lit/reactive-element/css-tag.js',
    code: /(?<=throw Error\()("CSSResult|"Value passed).*?"(?=\))/g,
    instead: '',
  },
  // Where decorators leave what they know: there are none.
  {
    file: '/@lit/reactive-element/reactive-element.js',
    code: /const t=this\[Symbol\.metadata\];if\(null!==t\)\{.*?\}(?=this\._\$Eh=new Map)/,
    instead: '',
  },
  {
    file: '/@lit/reactive-element/reactive-element.js',
    code: /Symbol\.metadata\?\?=.*?new WeakMap;/,
    instead: '',
  },
  // How an attribute is read as JSON, and written: none of ours is.
  {
    file: '/@lit/reactive-element/reactive-element.js',
    code: /case Object:case Array:(\w=null==\w\?\w:JSON\.stringify\(\w\)|try\{\w=JSON\.parse\(\w\)\}catch\(\w\)\{\w=null\})/g,
    instead: '',
  },
  // Where Lit looks for polyfills, for a server's HTML and for other versions of itself.
  {
    file: '/@lit/reactive-element/reactive-element.js',
    code: /,\w+\?\.\(\{ReactiveElement:\w+\}\),\(\w+\.reactiveElementVersions\?\?=\[\]\)\.push\("[\d.]+"\)/,
    instead: '',
  },
  {
    file: '/lit-html/lit-html.js',
    code: /,\w+=\w+\.litHtmlPolyfillSupport;\w+\?\.\(\w+,\w+\),\(\w+\.litHtmlVersions\?\?=\[\]\)\.push\("[\d.]+"\);const /,
    instead: ',',
  },
  // Templates of svg`` and mathml``, which are others than those of html`` that hold an <svg>: there are none.
  { file: '/lit-html/lit-html.js', code: /2===\w\?"<svg>":3===\w\?"<math>":""/, instead: '""' },
  { file: '/lit-html/lit-html.js', code: /\+\(2===\w\?"<\/svg>":3===\w\?"<\/math>":""\)/, instead: '' },
  {
    file: '/lit-html/lit-html.js',
    code: /if\((this\.el=[^;]{1,60}?\.content),2===\w\|\|3===\w\)\{.*?\}/,
    instead: '$1;',
  },
  {
    file: '/lit-element/lit-element.js',
    code: /,\w+\.litElementHydrateSupport\?\.[^]*?(?=const \w+=\{)/,
    instead: ';',
  },
  {
    file: '/lit-element/lit-element.js',
    code: /\(\w+\.litElementVersions\?\?=\[\]\)\.push\("[\d.]+"\);/,
    instead: '',
  },
  // What is after a binding's value: directives, and what they are told of their place. There are none.
  {
    file: '/lit-html/lit-html.js',
    code: /(function \w\(t,i),s=t,e\)\{if\(i===\w\).*?,i\}(?=class)/,
    instead: '$1){return i}',
  },
  { file: '/lit-html/lit-html.js', code: /get _\$AU\(\)\{return.*?\}/g, instead: '' },
  { file: '/lit-html/lit-html.js', code: /,this\._\$Cv=e\?\.isConnected\?\?!0/, instead: '' },
  { file: '/lit-html/lit-html.js', code: /this\._\$AP\?\.\(!1,!0,s\)/, instead: '' },
  { file: '/lit-html/lit-html.js', code: /setConnected\(t\)\{.*?\}(?=\}class)/, instead: '' },
  {
    file: '/lit-element/lit-element.js',
    code: /this\.hasUpdated\|\|\(this\.renderOptions\.isConnected=this\.isConnected\),/,
    instead: '',
  },
  {
    file: '/lit-element/lit-element.js',
    code: /connectedCallback\(\)\{super.*?setConnected\(!1\)\}/,
    instead: '',
  },
  // Templates that were compiled before: ours are not.
  {
    file: '/lit-html/lit-html.js',
    code: /"number"==typeof s\?this\._\$AC\(t\):\(void 0===s\.el&&.*?,s\)(?=;)/,
    instead: 'this._$AC(t)',
  },
  // Bindings of a whole element, in comments, and in the text of <style>, <title> and the like: there are none.
  {
    file: '/lit-html/lit-html.js',
    code: /else t\.startsWith\(o\)&&\(d\.push\(\{type:6,index:l\}\),r\.removeAttribute\(t\)\);/,
    instead: '',
  },
  { file: '/lit-html/lit-html.js', code: /:6===r\.type&&\(i=new Z\(h,this,t\)\)/, instead: ':0' },
  { file: '/lit-html/lit-html.js', code: /else\{let t=-1;for.*?length-1\}(?=l\+\+)/, instead: '' },
  {
    file: '/lit-html/lit-html.js',
    code: /y\.test\(u\[2\]\)&&\(n=RegExp\("<\/"\+u\[2\],"g"\)\),/,
    instead: '',
  },
  {
    file: '/lit-html/lit-html.js',
    code: /if\(y\.test\(r\.tagName\)\)\{.*?\}\}(?=\}else if\(8===)/,
    instead: '',
  },
  // What an element's class may be told later, converters of its own, and defaults that come back.
  {
    file: '/@lit/reactive-element/reactive-element.js',
    code: /static addInitializer.*?\}(?=static)/,
    instead: '',
  },
  {
    file: '/@lit/reactive-element/reactive-element.js',
    code: /,void 0!==t\.l&&\(this\.l=\[\.\.\.t\.l\]\)/,
    instead: '',
  },
  {
    file: '/@lit/reactive-element/reactive-element.js',
    code: /,this\.constructor\.l\?\.forEach\(t=>t\(this\)\)/,
    instead: '',
  },
  {
    file: '/@lit/reactive-element/reactive-element.js',
    code: /removeController\(t\)\{.*?\}/,
    instead: '',
  },
  {
    file: '/@lit/reactive-element/reactive-element.js',
    code: /\(void 0!==i\.converter\?\.toAttribute\?i\.converter:u\)/,
    instead: 'u',
  },
  {
    file: '/@lit/reactive-element/reactive-element.js',
    code: /"function"==typeof t\.converter\?.*?t\.converter:(?=u;)/,
    instead: '',
  },
  {
    file: '/@lit/reactive-element/reactive-element.js',
    code: /\?\?this\._\$Ej\?\.get\(e\)\?\?r/,
    instead: '',
  },
  {
    file: '/@lit/reactive-element/reactive-element.js',
    code: /\(i\.hasChanged\?\?f\)\(h,s\)\|\|i\.useDefault.*?t,i\)\)/,
    instead: 'f(h,s)',
  },
  {
    file: '/@lit/reactive-element/reactive-element.js',
    code: /i&&!\(this\._\$Ej\?\?=new Map\)\.has\(t\)&&.*?void 0!==r\)\|\|/,
    instead: '',
  },
  // Properties that an element's class has accessors of its own for: none has.
  {
    file: '/@lit/reactive-element/reactive-element.js',
    code: /,this\.prototype\.hasOwnProperty\(t\)&&\(\(s=Object\.create\(s\)\)\.wrapped=!0\)/,
    instead: '',
  },
  {
    file: '/@lit/reactive-element/reactive-element.js',
    code: /const t=this\.constructor\.elementProperties;if\(t\.size>0\)for.*?\}(?=\}let t=!1)/,
    instead: '',
  },
  // What idb answers where somebody sets or looks for a property.
  { file: '/idb/build/index.js', code: /set\(target, prop, value\) \{[^]*?(?=\};\nfunction)/, instead: '' },
  // How providers that come late take over from those above them: ours is there before whom it provides for.
  {
    file: '/@lit/context/lib/controllers/context-provider.js',
    code: /,this\.onProviderRequest=\w=>\{.*?\.stopPropagation\(\)\}(?=,this\.host=)/,
    instead: '',
  },
  {
    file: '/@lit/context/lib/controllers/context-provider.js',
    code: /,this\.host\.addEventListener\("context-provider",this\.onProviderRequest\)/,
    instead: '',
  },
  {
    file: '/@lit/context/lib/controllers/context-provider.js',
    code: /hostConnected\(\)\{.*?\}(?=\}export)/,
    instead: '',
  },
  // What else one may ask of DOMPurify, and have it call back: `sanitize.ts` asks it to sanitize alone.
  {
    file: '/dompurify/dist/purify.es.mjs',
    code: /DOMPurify\.setConfig = function[^]*?(?=return DOMPurify;\n\}\nvar purify_default)/,
    instead: '',
  },
  // What DOMPurify lets through where it is not told: `sanitize.ts` tells it.
  {
    file: '/dompurify/dist/purify.es.mjs',
    code: /(?<=const (?:html|svg|svgFilters|svgDisallowed|mathMl|mathMlDisallowed|xml)(?:\$1)? = freeze\(\[)[^\]]+/g,
    instead: '',
  },
];

/** Takes it out. What a library's next version has otherwise, it says instead of leaving it in. */
export function withoutBallast() {
  return {
    name: 'without-ballast',
    transform(code, id) {
      if (!id.includes('node_modules') && /\b(?:svg|mathml)`/.test(code))
        throw new Error(`${id} has templates that this build takes for ballast.`);
      const found = ballast.filter(({ file }) => id.endsWith(file));
      if (found.length === 0) return null;
      for (const { file, code: part, instead } of found) {
        if (code.search(part) < 0) throw new Error(`${file} is built otherwise than it was: look again.`);
        code = code.replace(part, instead);
      }
      return { code, map: null };
    },
  };
}
