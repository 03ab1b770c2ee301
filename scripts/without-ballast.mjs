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
  // Names that a compiler might have changed, markup that a policy might have to trust, symbols for properties: none.
  {
    file: '/@lit/reactive-element/reactive-element.js',
    code: /\w\("(elementProperties|finalized|properties)"(?:,\w)?\)/g,
    instead: '"$1"',
  },
  {
    file: '/@lit/reactive-element/reactive-element.js',
    code: /c=a\.trustedTypes,l=c\?c\.emptyScript:""/,
    instead: 'l=""',
  },
  {
    file: '/@lit/reactive-element/reactive-element.js',
    code: /s=\[\.\.\.r\(t\),\.\.\.o\(t\)\]/,
    instead: 's=r(t)',
  },
  // Properties without accessors, or with options that are not given: all of ours are alike.
  {
    file: '/@lit/reactive-element/reactive-element.js',
    code: /static getPropertyDescriptor\(.*?\}\}(?=static)/,
    instead: '',
  },
  {
    file: '/@lit/reactive-element/reactive-element.js',
    code: /,!s\.noAccessor\)\{const i=Symbol\(\),h=this\.getPropertyDescriptor\(t,i,s\);void 0!==h&&e\(this\.prototype,t,h\)\}/,
    instead:
      '){const i=Symbol();e(this.prototype,t,{get(){return this[i]},set(h){const e=this[i];this[i]=h,this.requestUpdate(t,e,s)}})}',
  },
  {
    file: '/@lit/reactive-element/reactive-element.js',
    code: /static getPropertyOptions\(t\)\{.*?\}/,
    instead: '',
  },
  {
    file: '/@lit/reactive-element/reactive-element.js',
    code: /const t=i\.getPropertyOptions\(e\)/,
    instead: 'const t=i.elementProperties.get(e)',
  },
  {
    file: '/@lit/reactive-element/reactive-element.js',
    code: /,i\?\?=r\.getPropertyOptions\(t\)/,
    instead: '',
  },
  { file: '/@lit/reactive-element/reactive-element.js', code: /\(t,s=b\)/, instead: '(t,s)' },
  {
    file: '/@lit/reactive-element/reactive-element.js',
    code: /,b=\{attribute.*?hasChanged:f\}/,
    instead: '',
  },
  // Styles in lists of lists, some of them twice, or mixed with words and numbers: ours are lists of sheets.
  {
    file: '/@lit/reactive-element/reactive-element.js',
    code: /static finalizeStyles\(s\)\{.*?\}(?=static)/,
    instead: 'static finalizeStyles(t){return t??[]}',
  },
  {
    file: '/@lit/reactive-element/css-tag.js',
    code: /if\(this\._\$cssResult\$=!0,o!==s\)throw Error\(\);this\.cssText=t,this\.t=e/,
    instead: 'this.cssText=t',
  },
  {
    file: '/@lit/reactive-element/css-tag.js',
    code: /const s=this\.t;if\(e&&void 0===t\)\{const e=void 0!==s&&1===s\.length;e&&\(t=o\.get\(s\)\),void 0===t&&\(\((this\.o=t=new CSSStyleSheet\)\.replaceSync\(this\.cssText\)),e&&o\.set\(s,t\)\)\}/,
    instead: 'if(void 0===t)($1;',
  },
  {
    file: '/@lit/reactive-element/css-tag.js',
    code: /const o=1===t\.length\?.*?t\[0\]\);return new n\(o,t,s\)/,
    instead: 'return new n(t[0])',
  },
  {
    file: '/@lit/reactive-element/css-tag.js',
    code: /t instanceof CSSStyleSheet\?t:t\.styleSheet/,
    instead: 't.styleSheet',
  },
  // What may be asked before an update, and heard after the first.
  {
    file: '/@lit/reactive-element/reactive-element.js',
    code: /let t=!1;(const s=this\._\$AL;try\{)t=this\.shouldUpdate\(s\),t\?\((.*?)\):this\._\$EM\(\)\}catch\(s\)\{throw t=!1,this\._\$EM\(\),s\}t&&this\._\$AE\(s\)/,
    instead: '$1$2}catch(t){throw this._$EM(),t}this._$AE(s)',
  },
  { file: '/@lit/reactive-element/reactive-element.js', code: /shouldUpdate\(t\)\{return!0\}/, instead: '' },
  {
    file: '/@lit/reactive-element/reactive-element.js',
    code: /this\._\$EO\?\.forEach\(t=>t\.hostUpdated\?\.\(\)\),this\.hasUpdated\|\|\(this\.hasUpdated=!0,this\.firstUpdated\(t\)\)/,
    instead: 'this.hasUpdated=!0',
  },
  { file: '/@lit/reactive-element/reactive-element.js', code: /firstUpdated\(t\)\{\}/, instead: '' },
  {
    file: '/@lit/reactive-element/reactive-element.js',
    code: /const t=this\.scheduleUpdate\(\);return null!=t&&await t,(!this\.isUpdatePending\})scheduleUpdate\(\)\{return this\.performUpdate\(\)\}/,
    instead: 'this.performUpdate();return$1',
  },
  {
    file: '/@lit/reactive-element/reactive-element.js',
    code: /return this\.getUpdateComplete\(\)\}getUpdateComplete\(\)\{/,
    instead: '',
  },
  // Values that say "leave it as it is", attributes of several parts, listeners that are objects.
  { file: '/lit-html/lit-html.js', code: /t=M\(this,t,i\),(?=a\(t\))/, instead: '' },
  { file: '/lit-html/lit-html.js', code: /&&t!==E(?=&&this\._\(t\))/, instead: '' },
  {
    file: '/lit-html/lit-html.js',
    code: /_\$AI\(t,i=this,s,e\)\{const h=this\.strings;.*?\}(?=j\(t\))/,
    instead: '_$AI(t){a(t)&&t===this._$AH||this.j(this._$AH=t)}',
  },
  { file: '/lit-html/lit-html.js', code: /s\.length>2\|\|.*?:(?=this\._\$AH=A\})/, instead: '' },
  {
    file: '/lit-html/lit-html.js',
    code: /void 0!==s&&\(void 0!==s\.strings\?\(.*?\):s\._\$AI\(t\[i\]\)\),i\+\+/,
    instead: 's._$AI(t[i++])',
  },
  {
    file: '/lit-html/lit-html.js',
    code: /if\(\(t=M\(this,t,i,0\)\?\?A\)===E\)return;const s=this\._\$AH,e=.*?\(s===A\|\|e\);e&&/,
    instead: 't??=A;const s=this._$AH,h=t!==A&&s===A;t===A&&s!==A&&',
  },
  {
    file: '/lit-html/lit-html.js',
    code: /"function"==typeof this\._\$AH\?(this\._\$AH\.call\(.*?,t\)):this\._\$AH\.handleEvent\(t\)/,
    instead: '$1',
  },
  // What a part tells of itself, documents to make it in and nodes to put it before: nobody asks.
  { file: '/lit-html/lit-html.js', code: /get parentNode\(\)\{.*?\}(?=u\(t\)|get startNode)/g, instead: '' },
  {
    file: '/lit-html/lit-html.js',
    code: /get startNode\(\)\{return this\._\$AA\}get endNode\(\)\{return this\._\$AB\}/,
    instead: '',
  },
  { file: '/lit-html/lit-html.js', code: /get tagName\(\)\{return this\.element\.tagName\}/, instead: '' },
  { file: '/lit-html/lit-html.js', code: /,this\._\$AN=void 0/g, instead: '' },
  { file: '/lit-html/lit-html.js', code: /\(t\?\.creationScope\?\?l\)/, instead: 'l' },
  {
    file: '/lit-html/lit-html.js',
    code: /const e=s\?\.renderBefore\?\?i;let h=e\._\$litPart\$;if\(void 0===h\)\{const t=s\?\.renderBefore\?\?null;e\._\$litPart\$=h=new k\(i\.insertBefore\(c\(\),t\),t,void 0,s\?\?\{\}\)\}return h\._\$AI\(t\),h/,
    instead: '(i._$litPart$??=new k(i.appendChild(c()),null,void 0,s))._$AI(t)',
  },
  { file: '/lit-element/lit-element.js', code: /createRenderRoot\(\)\{.*?\}(?=update)/, instead: '' },
  { file: '/lit-element/lit-element.js', code: /this\._\$Do=(?=e\()/, instead: '' },
  { file: '/lit-element/lit-element.js', code: /,this\._\$Do=void 0/, instead: '' },
  // A script that is there twice may not make a policy of that name again, and has nothing to make it for.
  {
    file: '/lit-html/lit-html.js',
    code: /s\?(s\.createPolicy\("lit-html",\{createHTML:t=>t\}\)):void 0/,
    instead: '(()=>{try{return s?$1:void 0}catch{}})()',
  },
  // What idb answers where somebody sets or looks for a property.
  { file: '/idb/build/index.js', code: /set\(target, prop, value\) \{[^]*?(?=\};\nfunction)/, instead: '' },
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
  // How a file goes to the server: in one piece after the other, by tus 1.0, with its length known. What waits
  // and tries again is ours, and so is what remembers, reads, asks and takes back.
  {
    file: '/tus-js-client/lib/upload.js',
    code: /^import [^]*?(?=const PROTOCOL_TUS_V1)/,
    instead: `const Base64 = { encode: (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text))) };
class DetailedError extends Error {
  constructor(causingError, _request, originalResponse) {
    super();
    Object.assign(this, { causingError, originalResponse });
  }
}
`,
  },
  {
    file: '/tus-js-client/lib/upload.js',
    code: /const PROTOCOL_TUS_V1 = [^]*?(?=class BaseUpload)/,
    instead: '',
  },
  { file: '/tus-js-client/lib/upload.js', code: /BaseUpload\.defaultOptions = defaultOptions/, instead: '' },
  {
    file: '/tus-js-client/lib/upload.js',
    code: /\/\/ Warn about removed options[^]*?(?=\/\/ The default options)/,
    instead: '',
  },
  {
    file: '/tus-js-client/lib/upload.js',
    code: /\/\*\*\n {3}\* Use the Termination[^]*?(?= {2}start\(\))/,
    instead: '',
  },
  {
    file: '/tus-js-client/lib/upload.js',
    code: /if \(!file\) \{[^]*?(?=this\.options\n {6}\.fingerprint)/,
    instead: '',
  },
  {
    file: '/tus-js-client/lib/upload.js',
    code: /if \(this\.options\.uploadLengthDeferred\) \{\n {10}this\._size = null[^]*?(?=\/\/ If the upload was configured)/,
    instead: 'this._size = this._source.size;',
  },
  {
    file: '/tus-js-client/lib/upload.js',
    code: /if \(this\.options\.parallelUploads > 1 \|\| this\._parallelUploadUrls != null\) \{[^]*?\} else \{\s+(this\._startSingleUpload\(\))\s+\}/,
    instead: '$1',
  },
  {
    file: '/tus-js-client/lib/upload.js',
    code: /_startParallelUpload\(\) \{[^]*?(?=_startSingleUpload\(\) \{)/,
    instead: '',
  },
  {
    file: '/tus-js-client/lib/upload.js',
    code: /if \(this\._parallelUploads != null\) \{\n {6}for [^]*?\n {4}\}\n/,
    instead: '',
  },
  {
    file: '/tus-js-client/lib/upload.js',
    code: /\/\/ Stop any timeout used[^]*?(?=_emitHttpError\()/,
    instead: '}\n',
  },
  {
    file: '/tus-js-client/lib/upload.js',
    code: /if \(this\.options\.retryDelays != null\) \{\n {6}\/\/ We will reset[^]*?(?=if \(typeof this\.options\.onError)/,
    instead: '',
  },
  {
    file: '/tus-js-client/lib/upload.js',
    code: /this\._(?:parallelUploads|parallelUploadUrls|retryAttempt|retryTimeout|offsetBeforeRetry) = (?:null|0)$/gm,
    instead: '',
  },
  {
    file: '/tus-js-client/lib/upload.js',
    code: /if \(!this\.options\.endpoint\) \{\n[^]*?return\n {4,10}\}/g,
    instead: '',
  },
  {
    file: '/tus-js-client/lib/upload.js',
    code: /if \(this\.options\.uploadLengthDeferred\) \{\n {6}req\.setHeader\('Upload-Defer-Length', '1'\)\n {4}\} else \{\n(.*)\n {4}\}/,
    instead: '$1',
  },
  {
    file: '/tus-js-client/lib/upload.js',
    code: /if \(this\.options\.uploadDataDuringCreation && [^]*?\} else \{[^]*?(promise = this\._sendRequest\(req, null\))\n {4}\}/,
    instead: '$1',
  },
  {
    file: '/tus-js-client/lib/upload.js',
    code: /if \(this\._size === 0\) \{[^]*?(?=this\._saveUploadInUrlStorage)/,
    instead: '',
  },
  {
    file: '/tus-js-client/lib/upload.js',
    code: /if \(this\.options\.uploadDataDuringCreation\) \{\s+this\._handleUploadResponse\(req, res\)\s+\} else \{([^]*?)\}/,
    instead: '$1',
  },
  {
    file: '/tus-js-client/lib/upload.js',
    code: / &&\n {10}!this\.options\.uploadLengthDeferred &&\n {10}this\.options\.protocol === PROTOCOL_TUS_V1/,
    instead: '',
  },
  {
    file: '/tus-js-client/lib/upload.js',
    code: /if \(this\.options\.overridePatchMethod\) \{[^]*?\} else \{\s+(req = this\._openRequest\('PATCH', this\.url\))\s+\}/,
    instead: '$1',
  },
  {
    file: '/tus-js-client/lib/upload.js',
    code: /if \(this\.options\.protocol === PROTOCOL_TUS_V1\) \{\n(.*)\n[^]*?\n {4}\}\n/,
    instead: '$1\n',
  },
  {
    file: '/tus-js-client/lib/upload.js',
    code: /\(end === Number\.POSITIVE_INFINITY \|\| end > this\._size\) &&\s+!this\.options\.uploadLengthDeferred/,
    instead: 'end > this._size',
  },
  {
    file: '/tus-js-client/lib/upload.js',
    code: /const valueSize = value\?\.size[^]*?(?=this\._emitProgress\(this\._offset, this\._size\)\n {6}return)/,
    instead: '',
  },
  {
    file: '/tus-js-client/lib/upload.js',
    code: /\/\*\*\n {3}\* Remove the entry in the URL storage[^]*?(?=\/\*\*\n {3}\* Send a request with)/,
    instead: '',
  },
  {
    file: '/tus-js-client/lib/upload.js',
    code: /this\._saveUploadInUrlStorage\(\)\.then\(\(\) => (\{[^]*?\n {8}\})\)\n/g,
    instead: '$1\n',
  },
  {
    file: '/tus-js-client/lib/upload.js',
    code: /if \(inStatusCategory\(status, 400\)\) \{[^]*?\}/,
    instead: '',
  },
  {
    file: '/tus-js-client/lib/upload.js',
    code: /if \(this\.options\.removeFingerprintOnSuccess\) \{[^]*?\}/,
    instead: '',
  },
  {
    file: '/tus-js-client/lib/upload.js',
    code: /this\.options\n {6}\.fingerprint\(file, this\.options\)[^]*?(?=\.then\(\(source\))/,
    instead: 'this.options.fileReader.openFile(file, this.options.chunkSize)',
  },
  {
    file: '/tus-js-client/lib/upload.js',
    code: /\/\/ A URL has manually been specified[^]*?(?=\/\/ An upload has not started)/,
    instead: '',
  },
  {
    file: '/tus-js-client/lib/upload.js',
    code: /\/\*\*\n {3}\* Publishes notification when a chunk[^]*?(?=\/\*\*\n {3}\* Create a new upload)/,
    instead: '',
  },
  { file: '/tus-js-client/lib/upload.js', code: /this\._emitChunkComplete\(.*/, instead: '' },
  {
    file: '/tus-js-client/lib/upload.js',
    code: /req\.setProgressHandler\([^]*?\}\)\n/,
    instead: '',
  },
  {
    file: '/tus-js-client/lib/upload.js',
    code: /if \(typeof this\.options\.on(\w+) (?:===|!==) 'function'\) \{\s+(this\.options\.on\w+\(.*\))\s+\}(?: else \{\s+throw err\s+\})?/g,
    instead: '$2',
  },
  { file: '/tus-js-client/lib/upload.js', code: /, (?:'tus: [^']*'|`tus: [^`]*`)/g, instead: '' },
  {
    file: '/tus-js-client/lib/upload.js',
    code: /(?<=_emitHttpError\(req, res), message(?=, causingErr\))/,
    instead: '',
  },
  {
    file: '/tus-js-client/lib/upload.js',
    code: /new DetailedError\(message, /,
    instead: 'new DetailedError(',
  },
  { file: '/tus-js-client/lib/upload.js', code: /log\([`'].*\)\n/g, instead: '\n' },
  {
    file: '/tus-js-client/lib/upload.js',
    code: /if \(options\.protocol === PROTOCOL_IETF_DRAFT_03\) \{[^]*?\} else \{(.*?)\}/s,
    instead: '$1',
  },
  {
    file: '/tus-js-client/lib/upload.js',
    code: /const headers = options\.headers[^]*?(?=return req\n)/,
    instead: '',
  },
  {
    file: '/tus-js-client/lib/upload.js',
    code: /async function sendRequest\([^]*?(?=\/\*\*\n \* Resolve a relative link)/,
    instead: 'function sendRequest(req, body) {\n  return req.send(body);\n}\n',
  },
  {
    file: '/tus-js-client/lib/upload.js',
    code: /\/\*\*\n \* Calculate the start and end[^]*?(?=export default)/,
    instead: '',
  },
];

/** Takes it out. What a library's next version has otherwise, it says instead of leaving it in. */
export function withoutBallast() {
  return {
    name: 'without-ballast',
    transform(code, id) {
      const isOurs = !id.includes('node_modules');
      if (isOurs && /\b(?:svg|mathml)`|firstUpdated|hostUpdated\(|noChange|handleEvent:/.test(code))
        throw new Error(`${id} uses what this build takes for ballast.`);
      if (isOurs && /<[a-z-]+ [^<>]*=["'](?:[^"'$]+\$\{|\$\{[^{}]*\}[^"'])/.test(code))
        throw new Error(`${id} has an attribute of several parts, which this build takes for ballast.`);
      const less = lighten(code, id);
      return less === undefined ? null : { code: less, map: null };
    },
  };
}

/** A library's file without its ballast; undefined where none is known. */
export function lighten(code, id) {
  const found = ballast.filter(({ file }) => id.endsWith(file));
  if (found.length === 0) return undefined;
  for (const { file, code: part, instead } of found) {
    if (code.search(part) < 0)
      throw new Error(`${file} is built otherwise than it was: look again at ${part}`);
    code = code.replace(part, instead);
  }
  return code;
}
