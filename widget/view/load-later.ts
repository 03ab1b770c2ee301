import { register } from './register.ts';

/** Elements that one can do without at first, each fetched when it is first wanted. */
const parts = {
  'grow-attachments': async () => (await import('./grow-attachments.ts')).GrowAttachments,
  'grow-attachment': async () => (await import('./grow-attachment.ts')).GrowAttachment,
  'grow-compose': async () => (await import('./grow-compose.ts')).GrowCompose,
  'grow-guide': async () => (await import('./grow-guide.ts')).GrowGuide,
  'grow-readers': async () => (await import('./grow-readers.ts')).GrowReaders,
  'grow-reply-clock': async () => (await import('./grow-reply-clock.ts')).GrowReplyClock,
  'grow-inbox-tools': async () => (await import('./grow-inbox-tools.ts')).GrowInboxTools,
  'grow-quick-hide': async () => (await import('./grow-quick-hide.ts')).GrowQuickHide,
};

export type Part = keyof typeof parts;

/** Makes an element known that may stand on the page already. Rejects where it could not be fetched. */
export async function load(part: Part): Promise<void> {
  if (!customElements.get(part)) register({ [part]: await parts[part]() });
}
