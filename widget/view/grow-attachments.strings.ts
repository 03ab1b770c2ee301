import { plural } from './plural.ts';

/** Words of attaching files. */
export const attachmentsEnglish = {
  attached: 'Attached files',
  removeFile: (name: string) => `Remove ${name}`,
  retryFile: (name: string) => `Try again: ${name}`,
  fileAttached: (name: string) => `${name} attached.`,
  fileReady: (name: string) => `${name} uploaded.`,
  fileFailed: (name: string, reason: string) => `${name} can’t be sent. ${reason}`,
  fileRemoved: (name: string) => `${name} removed.`,
  preparing: 'Getting ready…',
  fileWaiting: 'Waiting',
  fileUploading: (percent: string) => `Uploading, ${percent}`,
  fileUploaded: 'Uploaded',
  fileStuck: 'Goes on when the connection is back',
  fileNotKept: 'This device has no room to keep it: please leave this page open until it is sent.',
  tooManyFiles: plural('en', {
    one: 'Only 1 file can go with a message.',
    other: 'Only # files can go with a message.',
  }),
  fileTooLarge: (size: string) => `It is larger than ${size}.`,
  fileEmpty: 'It is empty.',
  fileKind: (kinds: string) => `Files of this kind can’t be sent. What can be sent: ${kinds}.`,
  photoKind: 'This browser can’t turn it into a JPG. Save or export the photo as JPG, then attach that.',
  fileGone: 'It is no longer on this device. Please attach it again.',
  fileRefused: 'The server did not take it.',
};
