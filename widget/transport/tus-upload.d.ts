/** The library's own source, which says nothing of its types. */
declare module 'tus-js-client/lib/upload.js' {
  import { Upload } from 'tus-js-client';
  export default Upload;
}
