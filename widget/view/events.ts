/** The text in the composer changed. */
export class DraftChangeEvent extends CustomEvent<{ readonly text: string }> {
  constructor(text: string) {
    super('draft-change', { detail: { text } });
  }
}

/** The person asked for this text to be sent. */
export class ComposeSubmitEvent extends CustomEvent<{ readonly text: string }> {
  constructor(text: string) {
    super('compose-submit', { detail: { text } });
  }
}

/** What is being written holds words of danger. Nothing of it is told, only that the crisis lines may open. */
export class DangerEvent extends CustomEvent<undefined> {
  constructor() {
    super('danger-heard');
  }
}

/** A message that was not sent is to go out again. */
export class RetryEvent extends CustomEvent<{ readonly id: string }> {
  constructor(id: string) {
    super('message-retry', { detail: { id } });
  }
}

/** A message that was not sent is to go back into the composer. */
export class EditEvent extends CustomEvent<{ readonly id: string }> {
  constructor(id: string) {
    super('message-edit', { detail: { id } });
  }
}

/** The reader nears an end of what is loaded, or asks again for what did not come. */
export class PageWantedEvent extends CustomEvent<{ readonly direction: 'older' | 'newer' }> {
  constructor(direction: 'older' | 'newer') {
    super('page-wanted', { detail: { direction } });
  }
}

/** The reader reached the end of what is loaded, or left it. */
export class PlaceChangeEvent extends CustomEvent<{ readonly isAtEnd: boolean }> {
  constructor(isAtEnd: boolean) {
    super('place-change', { detail: { isAtEnd } });
  }
}

/** The reader wants to see the newest messages. */
export class NewestWantedEvent extends CustomEvent<undefined> {
  constructor() {
    super('newest-wanted');
  }
}

/** A thread was chosen. */
export class ThreadChosenEvent extends CustomEvent<{ readonly threadId: string }> {
  constructor(threadId: string) {
    super('thread-chosen', { detail: { threadId } });
  }
}

/** The person wants to go back to where they came from. */
export class BackEvent extends CustomEvent<undefined> {
  constructor() {
    super('go-back');
  }
}

/** Something was written in a thread, and is kept. */
export class MessageWrittenEvent extends CustomEvent<undefined> {
  constructor() {
    super('message-written');
  }
}
