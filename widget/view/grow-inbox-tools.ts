import { ContextConsumer } from '@lit/context';
import { html, LitElement, nothing, type PropertyValues } from 'lit';
import type { Me } from '../../protocol/me.ts';
import type { Contact, Thread } from '../../protocol/thread.ts';
import { clientContext } from '../state/client-context.ts';
import type { MessagingClient } from '../state/messaging-client.ts';
import { StoreController } from '../state/store-controller.ts';
import { isComposing } from './composing.ts';
import { tell, type RowsWanted, type ThreadChosenEvent } from './events.ts';
import { inboxToolsEnglish } from './grow-inbox-tools.strings.ts';
import { styles } from './grow-inbox-tools.styles.ts';
import type { GrowInbox } from './grow-inbox.ts';
import { daysBetween, type Language } from './language.ts';
import { LongList } from './long-list.ts';
import { nameOf } from './name.ts';
import { base } from './tokens.styles.ts';
import { WordFilter } from './word-filter.ts';

type Filter = 'all' | 'unread' | 'waiting';

/** How many conversations fill a screen: until there are as many, or no more, one goes on looking. */
const enough = 30;

const noThreads: readonly Thread[] = [];

/** What stands before the id of somebody with whom there is no thread yet. */
const nobodyYet = 'to ';

/**
 * What a provider of many clients needs above the list: to find one by name, and to see only what is unread or
 * who waits. The list itself is its parent's; what is found by name stands here instead of it.
 *
 * The words one looks for are kept nowhere, nor is whom one may write to.
 *
 * @fires {RowsWantedEvent} rows-wanted - Which threads the list is to show, and what is to be said of them.
 * @fires {ThreadChosenEvent} thread-chosen - A client was found who has a thread.
 * @fires {ComposeWantedEvent} compose-wanted - A client was found to whom nobody has written yet.
 */
export class GrowInboxTools extends LitElement {
  static override properties = {
    current: {},
    discreet: {},
    language: {},
    mode: { reflect: true },
    filter: { state: true },
    words: { state: true },
    contacts: { state: true },
    hasTrouble: { state: true },
  };
  static override styles = [base, styles];

  /** The thread that is open. */
  current = '';

  /** Whether what was said last stays out of sight. */
  discreet = false;

  language!: Language;

  /** What the parent may style by: `search` stands instead of the list; null where the list is shown whole. */
  mode: 'search' | Exclude<Filter, 'all'> | null = null;

  private filter: Filter = 'all';
  private words = '';
  /** Undefined until they are known. */
  private contacts: readonly Contact[] | undefined;
  /** Whether something could not be asked for: then one is asked whether to try again. */
  private hasTrouble = false;

  /** The open thread, where it was among those shown: it stays while it is open, read or answered. */
  #stays = '';
  /** What there is so far of what one looks for. */
  #shown: readonly Thread[] = [];
  #people: readonly Thread[] = [];
  #peopleFilter = new WordFilter<Thread>([], () => '');
  #peopleFrom: readonly unknown[] = [];
  #isAsking = false;
  #weekday: Intl.DateTimeFormat | undefined;
  readonly #inbox = new StoreController<MessagingClient['inbox']['value']>(this);
  readonly #me = new StoreController<Me | undefined>(this);
  readonly #client = new ContextConsumer(this, {
    context: clientContext,
    subscribe: true,
    callback: (client) => {
      this.#inbox.follow(client?.inbox);
      this.#me.follow(client?.me);
      this.contacts = undefined;
    },
  });

  /** To what was found by name. */
  override focus(): void {
    this.#results?.focus();
  }

  protected override willUpdate(changed: PropertyValues): void {
    this.mode = this.words.trim() ? 'search' : this.filter === 'all' ? null : this.filter;
    if (changed.has('language')) this.#weekday = undefined;
    if (changed.has('current') || changed.has('filter')) {
      const open = this.#threads.find(({ id }) => id === this.current);
      this.#stays = changed.has('current') && open && this.#isWanted(open) ? open.id : '';
    }
    this.#shown =
      this.mode === 'search' ? this.#found() : this.#threads.filter((thread) => this.#isKept(thread));
  }

  protected override updated(changed: PropertyValues): void {
    if (['language', 'current', 'filter'].some((name) => changed.has(name))) {
      tell(this, 'rows-wanted', {
        ...this.#rows,
        of: this.filter,
        keep: (thread) => this.#isKept(thread),
      });
    }
    if (!this.#isLooking || this.hasTrouble) return;
    if (this.mode === 'search' && this.contacts === undefined) void this.#loadContacts();
    else if (this.#hasMore) void this.#loadMore();
  }

  protected override render() {
    const strings = this.#strings;
    const isSearch = this.mode === 'search';
    return html`
      <div class="find">
        <label class="only-heard" for="find">${strings.findClient}</label>
        <input
          id="find"
          type="search"
          dir="auto"
          placeholder=${strings.findClient}
          autocomplete="off"
          autocapitalize="none"
          spellcheck="false"
          enterkeyhint="search"
          .value=${this.words}
          @focus=${this.#handleFocus}
          @input=${this.#handleInput}
          @keydown=${this.#handleKeydown}
        />
      </div>
      ${isSearch ? nothing : this.#filters()}
      <div class="said">
        <p role="status">${this.#said()}</p>
        ${
          this.hasTrouble
            ? html`<button class="link" @click=${this.#handleTryAgain}>${strings.tryAgain}</button>`
            : nothing
        }
      </div>
      ${isSearch ? this.#resultsList() : nothing}
    `;
  }

  #filters() {
    const strings = this.#strings;
    const unread = this.#inbox.value?.unread ?? 0;
    // Of a list that goes on somewhere else nobody can say how many wait.
    const waiting = this.#hasMore
      ? 0
      : this.#threads.filter((thread) => this.#isListed(thread) && isWaiting(thread)).length;
    return html`
      <div class="filters" role="radiogroup" aria-label=${strings.whichConversations}>
        ${this.#choice('all', nothing)}
        ${this.#choice(
          'unread',
          unread > 0
            ? html`
                <span class="mark" aria-hidden="true">${this.language.count(unread)}</span>
                <span class="only-heard">${strings.unreadCount(unread)}</span>
              `
            : nothing,
        )}
        ${this.#choice(
          'waiting',
          waiting > 0 ? html`<span class="count">${this.language.count(waiting)}</span>` : nothing,
        )}
      </div>
    `;
  }

  #choice(filter: Filter, count: unknown) {
    return html`
      <label>
        <input
          type="radio"
          name="filter"
          .checked=${filter === this.filter}
          @change=${() => this.#setFilter(filter)}
        />
        <span>${this.#strings.filters[filter]}</span>
        ${count}
      </label>
    `;
  }

  /** What is announced, and stands there to be read: how much there is of what one looks for. */
  #said(): string {
    const strings = this.#strings;
    const { mode } = this;
    const count = this.#shown.length;
    if (mode === null) return '';
    if (this.hasTrouble) return strings.lookingFailed;
    // Once those are known whom one may write to, only somebody with whom it has ended can still be found.
    if (this.#isLooking && !(mode === 'search' && this.contacts && count > 0)) return strings.looking;
    if (mode === 'search') return count === 0 ? strings.noClient : strings.clientsFound(count);
    if (count === 0) return mode === 'unread' ? strings.noneUnread : strings.noneWaiting;
    return this.#hasMore ? strings.conversationsSoFar(count) : strings.conversationsFound(count);
  }

  #resultsList() {
    return html`
      <grow-inbox
        exportparts="thread"
        .threads=${this.#shown}
        .hasMore=${this.#hasMore}
        .current=${this.current}
        .selfId=${this.#me.value?.person.id ?? ''}
        .discreet=${this.discreet}
        .rows=${{ ...this.#rows, of: this.words }}
        .language=${this.language}
        @thread-chosen=${this.#handleChosen}
        @page-wanted=${this.#loadMore}
        @keydown=${this.#handleResultsKeydown}
      ></grow-inbox>
    `;
  }

  readonly #rows: RowsWanted = {
    note: (thread) => this.#note(thread),
    arrange: (list, rows) => new LongList(list, rows),
  };

  /** What a row says beside its last line. */
  #note({ id, with: other, status, awaitingReplySince }: Thread) {
    const strings = this.#strings;
    if (id.startsWith(nobodyYet))
      return html`<span class="note">${strings.writeTo(other.displayName)}</span>`;
    if (status === 'ended' || awaitingReplySince === null) return nothing;
    return html`<span class="note">${this.#waitingSince(awaitingReplySince)}</span>`;
  }

  /** As little as tells since when: not the hour of today, the day of this week, else the date. */
  #waitingSince(moment: string): string {
    const strings = this.#strings;
    const days = daysBetween(new Date(moment), new Date());
    if (days < 1) return strings.waiting;
    if (days > 6) return strings.waitingSince(this.language.brief(moment));
    this.#weekday ??= new Intl.DateTimeFormat(this.language.locale, { weekday: 'short' });
    return strings.waitingSince(this.#weekday.format(new Date(moment)));
  }

  /** Whoever has this name, in the order of names: also where the thread is further down than the list, or is none. */
  #found(): readonly Thread[] {
    const known = this.#threads;
    const { contacts } = this;
    if (this.#peopleFrom[0] !== known || this.#peopleFrom[1] !== contacts) {
      this.#peopleFrom = [known, contacts];
      const rest = new Map(known.map((thread) => [thread.id, thread]));
      this.#people = (contacts ?? []).map((contact) => {
        const thread = asThread(contact);
        const listed = rest.get(thread.id) ?? thread;
        rest.delete(thread.id);
        return listed;
      });
      // With whom it has ended, those can be read, but not written to.
      this.#people = [...this.#people, ...rest.values()];
      this.#peopleFilter = new WordFilter(this.#people, ({ with: other }) => nameOf(other));
    }
    const { compare } = new Intl.Collator(this.language.locale);
    return this.#peopleFilter
      .find(this.words)
      .toSorted((a, b) => compare(a.with.displayName, b.with.displayName));
  }

  /** Whether there may be more of what one looks for, and more of it would be seen. */
  get #isLooking(): boolean {
    if (this.mode === null) return false;
    if (!this.#inbox.value || (this.mode === 'search' && this.contacts === undefined)) return true;
    return this.#hasMore && this.#shown.length < enough;
  }

  get #hasMore(): boolean {
    return this.#inbox.value?.next !== undefined;
  }

  get #threads(): readonly Thread[] {
    return this.#inbox.value?.threads ?? noThreads;
  }

  /** Whether it stands in the list as that is shown now. */
  #isKept(thread: Thread): boolean {
    return thread.id === this.#stays || (this.#isListed(thread) && this.#isWanted(thread));
  }

  /** Whether it stands in the whole list: what is empty or further down than that goes is there only while it is open. */
  #isListed({ id, lastMessage }: Thread): boolean {
    const floor = this.#inbox.value?.floor ?? '';
    return id === this.current || (lastMessage !== null && lastMessage.sentAt >= floor);
  }

  #isWanted(thread: Thread): boolean {
    if (this.filter === 'unread') return thread.unread > 0;
    return this.filter === 'all' || isWaiting(thread);
  }

  #setFilter(filter: Filter): void {
    this.filter = filter;
    this.hasTrouble = false;
  }

  /** Whom one may write to changes now and then: each search begins with those there are. */
  #handleFocus(): void {
    if (this.words === '') void this.#loadContacts();
  }

  #handleInput({ target }: Event): void {
    this.words = (target as HTMLInputElement).value;
    this.hasTrouble = false;
  }

  #handleKeydown(event: KeyboardEvent): void {
    if (isComposing(event) || this.mode !== 'search') return;
    const { key } = event;
    if (key === 'Escape') this.words = '';
    else if (key === 'ArrowDown') this.focus();
    else if (key === 'Enter') this.#chooseOnly();
    else return;
    event.preventDefault();
  }

  /** Where there is but one, that is who is meant. */
  #chooseOnly(): void {
    const [only, other] = this.#shown;
    if (only && !other && this.contacts) this.#choose(only.id);
    else this.focus();
  }

  #handleResultsKeydown(event: KeyboardEvent): void {
    if (event.key !== 'ArrowUp' || event.defaultPrevented) return;
    event.preventDefault();
    this.#input?.focus();
  }

  readonly #handleChosen = ({ detail: { threadId } }: ThreadChosenEvent) => this.#choose(threadId);

  #choose(threadId: string): void {
    if (threadId.startsWith(nobodyYet)) {
      tell(this, 'compose-wanted', { personId: threadId.slice(nobodyYet.length) });
    } else tell(this, 'thread-chosen', { threadId });
  }

  readonly #handleTryAgain = () => (this.hasTrouble = false);

  async #loadContacts(): Promise<void> {
    const client = this.#client.value;
    if (!client || this.#isAsking) return;
    this.#isAsking = true;
    try {
      const contacts = await client.contacts();
      if (client === this.#client.value) this.contacts = contacts;
    } catch {
      this.hasTrouble = true;
    } finally {
      this.#isAsking = false;
    }
  }

  readonly #loadMore = async () => {
    try {
      await this.#client.value?.loadMoreThreads();
      // Only from now on another page can be asked for.
      this.requestUpdate();
    } catch {
      this.hasTrouble = true;
    }
  };

  /** Its own words and those on screen from the start. */
  get #strings() {
    return { ...this.language.strings, ...this.language.words(inboxToolsEnglish) };
  }

  get #input(): HTMLInputElement | null {
    return this.renderRoot.querySelector<HTMLInputElement>('#find');
  }

  get #results(): GrowInbox | null {
    return this.renderRoot.querySelector<GrowInbox>('grow-inbox');
  }
}

function isWaiting({ status, awaitingReplySince }: Thread): boolean {
  return status !== 'ended' && awaitingReplySince !== null;
}

/** A contact as one of the list, of whom no more is known than the name. */
function asThread({ person, status, threadId = `${nobodyYet}${person.id}` }: Contact): Thread {
  return {
    id: threadId,
    with: person,
    status,
    canSend: true,
    lastSeq: 0,
    readSeq: 0,
    theirReadSeq: 0,
    unread: 0,
    lastMessage: null,
    awaitingReplySince: null,
  };
}
