/** Whose session a token says it is, or undefined where that can't be read. A hint: only the server knows. */
export function subjectOf(token: string | undefined): string | undefined {
  try {
    const payload = (token ?? '').split('.')[1] ?? '';
    return (JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as { sub?: string }).sub;
  } catch {
    return undefined;
  }
}
