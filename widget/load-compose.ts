import { register } from './register.ts';

/** Fetches what is needed to begin a conversation. Rejects where the network would not. */
export async function loadCompose(): Promise<void> {
  const { GrowCompose } = await import('./view/grow-compose.ts');
  register({ 'grow-compose': GrowCompose });
}
