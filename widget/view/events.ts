import type { Thread } from '../../protocol/thread.ts';
import type { KeyedRows, Rows, RowsHost } from './keyed-rows.ts';

/** How a list of threads is to be shown, where that is not as they come. */
export type RowsWanted = {
  /** What is shown: another list begins at its top. */
  readonly of?: string;
  /** Which of them. */
  readonly keep?: (thread: Thread) => boolean;
  /** What is said of one beside its last line. */
  readonly note?: (thread: Thread) => unknown;
  /** What puts those on the page that are in view, out of thousands. */
  readonly arrange?: (host: RowsHost, rows: KeyedRows<Thread>) => Rows<Thread>;
};

/** What elements of the view tell whoever put them there, and with which detail. */
export type ViewEvents = {
  /** The text in the composer changed. */
  'draft-change': { readonly text: string };
  /** The person asked for this text to be sent. */
  'compose-submit': { readonly text: string };
  /** What is attached changed: how many files go along, less than none while they can't. */
  'files-change': { readonly count: number };
  /** What is being written holds words of danger. Nothing of it is told, only that the crisis lines may open. */
  'danger-heard': undefined;
  /** A message that was not sent is to go out again. */
  'message-retry': { readonly id: string };
  /** A message that was not sent is to go back into the composer. */
  'message-edit': { readonly id: string };
  /** The reader nears an end of what is loaded, or asks again for what did not come. */
  'page-wanted': { readonly direction: 'older' | 'newer' };
  /** The reader reached the end of what is loaded, or left it. */
  'place-change': { readonly isAtEnd: boolean };
  /** The reader wants to see the newest messages. */
  'newest-wanted': undefined;
  /** A thread was chosen. */
  'thread-chosen': { readonly threadId: string };
  /** Somebody to write to was chosen; nobody, where the id is empty. */
  'person-chosen': { readonly personId: string };
  /** The list is to show other threads, or to say something else of them. */
  'rows-wanted': RowsWanted;
  /** The person wants to write to somebody. */
  'compose-wanted': { readonly personId: string };
  /** The person wants to be told where a question belongs, or who can read what is written. */
  'panel-wanted': { readonly panel: 'guide' | 'readers'; readonly threadId?: string };
  /** The person wants the Support Team. */
  'support-wanted': { readonly reason: string };
  /** The person wants everything fetched anew. */
  'refresh-wanted': undefined;
  /** The person wants everything out of sight. */
  'hide-wanted': undefined;
  /** The person wants to see again what was put out of sight. */
  'show-wanted': undefined;
  /** The person wants to go back to where they came from. */
  'go-back': undefined;
  /** Something was written in a thread, and is kept. */
  'message-written': undefined;
  /** The person decided whether what was not sent may be erased. */
  'erase-decided': { readonly mayErase: boolean };
};

export type DraftChangeEvent = CustomEvent<ViewEvents['draft-change']>;
export type ComposeSubmitEvent = CustomEvent<ViewEvents['compose-submit']>;
export type FilesChangeEvent = CustomEvent<ViewEvents['files-change']>;
export type DangerEvent = CustomEvent<ViewEvents['danger-heard']>;
export type RetryEvent = CustomEvent<ViewEvents['message-retry']>;
export type EditEvent = CustomEvent<ViewEvents['message-edit']>;
export type PageWantedEvent = CustomEvent<ViewEvents['page-wanted']>;
export type PlaceChangeEvent = CustomEvent<ViewEvents['place-change']>;
export type NewestWantedEvent = CustomEvent<ViewEvents['newest-wanted']>;
export type ThreadChosenEvent = CustomEvent<ViewEvents['thread-chosen']>;
export type PersonChosenEvent = CustomEvent<ViewEvents['person-chosen']>;
export type RowsWantedEvent = CustomEvent<ViewEvents['rows-wanted']>;
export type ComposeWantedEvent = CustomEvent<ViewEvents['compose-wanted']>;
export type PanelWantedEvent = CustomEvent<ViewEvents['panel-wanted']>;
export type SupportWantedEvent = CustomEvent<ViewEvents['support-wanted']>;
export type RefreshWantedEvent = CustomEvent<ViewEvents['refresh-wanted']>;
export type HideWantedEvent = CustomEvent<ViewEvents['hide-wanted']>;
export type ShowWantedEvent = CustomEvent<ViewEvents['show-wanted']>;
export type BackEvent = CustomEvent<ViewEvents['go-back']>;
export type MessageWrittenEvent = CustomEvent<ViewEvents['message-written']>;
export type EraseDecidedEvent = CustomEvent<ViewEvents['erase-decided']>;

/** Tells whoever put the element there: an event of this kind goes one step up and no further. */
export function tell<Type extends keyof ViewEvents>(
  element: EventTarget,
  type: Type,
  ...[detail]: ViewEvents[Type] extends undefined ? [] : [ViewEvents[Type]]
): void {
  element.dispatchEvent(new CustomEvent(type, { detail }));
}

/** Tells a child's event once more. A listener in a template of Lit's has its element as `this`. */
export function passOn(this: EventTarget, { type, detail }: CustomEvent<unknown>): void {
  this.dispatchEvent(new CustomEvent(type, { detail }));
}
