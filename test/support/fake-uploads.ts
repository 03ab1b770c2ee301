import type { Attachment } from '../../protocol/message.ts';
import type { ProblemCode } from '../../protocol/problem.ts';

/** What is done to uploads and attachments, by names of ours: tus has none. */
export type FileRoute = 'createUpload' | 'findUpload' | 'sendPart' | 'removeUpload' | 'readAttachment';

/** A file that the server has, or some of it. */
export type Uploaded = {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly size: number;
  bytes: Uint8Array;
  /** What whoever sent it says of its bytes. */
  readonly sha256?: string | undefined;
  isUsed: boolean;
};

/** Why a file is not taken: the code, and the reason in words. */
export type Objection = readonly [code: ProblemCode, detail: string];

/** tus 1.0 in memory, as much of it as the widget speaks, and the files that came in by it. */
export class FakeUploads {
  /** What the server says against a file whose bytes are all there. */
  objection: (file: Uploaded) => Objection | undefined = () => undefined;

  readonly #files = new Map<string, Uploaded>();

  get all(): readonly Uploaded[] {
    return [...this.#files.values()];
  }

  /** A file that came in earlier. */
  add(changes: Partial<Uploaded> = {}): Attachment {
    const bytes = changes.bytes ?? new TextEncoder().encode('%PDF-1.7 a form');
    const file: Uploaded = {
      id: crypto.randomUUID(),
      name: 'form.pdf',
      mediaType: 'application/pdf',
      size: bytes.length,
      isUsed: true,
      ...changes,
      bytes,
    };
    this.#files.set(file.id, file);
    return attachmentOf(file);
  }

  /** Forgets a file, as after a day in which nobody sent it. */
  forget(id: string): void {
    this.#files.delete(id);
  }

  /** The finished uploads of these ids, used from now on; undefined where one of them is not to be had. */
  use(ids: readonly string[]): readonly Attachment[] | undefined {
    const files = ids.map((id) => this.#files.get(id));
    if (files.some((file) => !file || file.isUsed || file.bytes.length < file.size)) return undefined;
    return files.map((file) => {
      file!.isUsed = true;
      return attachmentOf(file!);
    });
  }

  /** The answer to a request, or with what code it is refused. */
  answer(route: FileRoute, id: string, headers: Headers, body: unknown): Response | Objection {
    if (route === 'createUpload') return this.#create(headers);
    const file = this.#files.get(id);
    if (!file) return ['not-found', 'There is no such upload.'];
    switch (route) {
      case 'findUpload':
        return new Response(null, { headers: { ...placeOf(file), 'Upload-Length': String(file.size) } });
      case 'sendPart':
        return this.#append(file, headers, body as Uint8Array);
      case 'removeUpload':
        this.#files.delete(id);
        return new Response(null, { status: 204, headers: { 'Tus-Resumable': '1.0.0' } });
      case 'readAttachment':
        return new Response(file.bytes.slice(), {
          headers: {
            'Content-Type': file.mediaType,
            'Content-Disposition': 'attachment',
            'X-Content-Type-Options': 'nosniff',
          },
        });
    }
  }

  #create(headers: Headers): Response {
    const said = Object.fromEntries(
      (headers.get('Upload-Metadata') ?? '').split(',').map((pair) => {
        const [key = '', value = ''] = pair.split(' ');
        return [key, new TextDecoder().decode(Uint8Array.from(atob(value), (char) => char.charCodeAt(0)))];
      }),
    );
    const file: Uploaded = {
      id: crypto.randomUUID(),
      name: said['filename'] ?? '',
      mediaType: said['filetype'] ?? '',
      size: Number(headers.get('Upload-Length')),
      bytes: new Uint8Array(),
      isUsed: false,
      sha256: said['sha256'],
    };
    this.#files.set(file.id, file);
    return new Response(null, {
      status: 201,
      headers: { 'Tus-Resumable': '1.0.0', Location: `/v1/uploads/${file.id}` },
    });
  }

  #append(file: Uploaded, headers: Headers, part: Uint8Array): Response | Objection {
    if (Number(headers.get('Upload-Offset')) !== file.bytes.length) return ['id-reused', 'Out of step.'];
    file.bytes = new Uint8Array([...file.bytes, ...part]);
    const objection = file.bytes.length === file.size ? this.objection(file) : undefined;
    if (objection) this.#files.delete(file.id);
    return objection ?? new Response(null, { status: 204, headers: placeOf(file) });
  }
}

/** Which of them a request asks for, and of which file. */
export function fileRouteOf(method: string, pathname: string): readonly [FileRoute, id: string] | undefined {
  const [, room, id = ''] = /^\/v1\/(uploads|attachments)(?:\/([^/]+))?$/.exec(pathname) ?? [];
  if (room === 'attachments') return ['readAttachment', id];
  if (room === undefined) return undefined;
  const routes = {
    POST: 'createUpload',
    HEAD: 'findUpload',
    PATCH: 'sendPart',
    DELETE: 'removeUpload',
  } as const;
  return [routes[method as keyof typeof routes], id];
}

function placeOf({ bytes }: Uploaded): Record<string, string> {
  return { 'Tus-Resumable': '1.0.0', 'Upload-Offset': String(bytes.length) };
}

function attachmentOf({ id, name, mediaType, size }: Uploaded): Attachment {
  return { id, name, mediaType, size };
}
