import type { Role } from '../../protocol/person.ts';
import type { RelationshipStatus } from '../../protocol/relationship.ts';

/** The tables as the newest migration leaves them. Times are whole milliseconds. */
export type Schema = {
  people: PersonRow;
  relationships: RelationshipRow;
  threads: ThreadRow;
  messages: MessageRow;
  emails: EmailRow;
  notifications: NotificationRow;
  events: EventRow;
  event_heads: { person_id: string; last_no: number };
  revocations: { no: number; person_id: string };
  audit: AuditRow;
  audit_head: { id: number; seq: number; mac: Uint8Array; seal: Uint8Array };
  cache_keys: CacheKeyRow;
  uploads: UploadRow;
  upload_parts: { upload_id: string; start: number; length: number; blob: string };
  secrets: { name: string; key_id: string; wrapped: Uint8Array };
  migrations: { name: string; at: number };
};

export type PersonRow = {
  id: string;
  role: Role;
  display_name: string;
  email: string;
  locale: string;
  time_zone: string;
  credentials: string | null;
  reply_policy: string | null;
  notifications: 'all' | 'none';
  closed_at: number | null;
  sessions_ended_at: number | null;
};

export type RelationshipRow = { client_id: string; provider_id: string; status: RelationshipStatus };

export type ThreadRow = {
  id: string;
  client_id: string;
  provider_id: string;
  last_seq: number;
  client_read_seq: number;
  provider_read_seq: number;
  client_unread: number;
  provider_unread: number;
  client_activity: number;
  provider_activity: number;
  awaiting_since: number | null;
  client_active_at: number | null;
  provider_active_at: number | null;
  client_emailed_at: number | null;
  provider_emailed_at: number | null;
  client_settled_seq: number;
  provider_settled_seq: number;
  client_look_at: number | null;
  provider_look_at: number | null;
  key_id: string;
  wrapped_key: Uint8Array;
};

export type MessageRow = {
  thread_id: string;
  seq: number;
  id: string;
  sender_id: string;
  sealed: Uint8Array;
  /** Null where the message carries none. */
  attachments: Uint8Array | null;
  sent_at: number;
};

/** An email that is under way: at most one to each side of a thread. */
export type EmailRow = {
  thread_id: string;
  recipient: Role;
  id: string;
  through_seq: number;
  attempts: number;
  first_attempt_at: number;
};

/** What became of messages to one side, from one seq through another. */
export type NotificationRow = {
  thread_id: string;
  recipient: Role;
  through_seq: number;
  from_seq: number;
  state: 'emailed' | 'read' | 'failed';
  at: number;
};

export type EventRow = {
  person_id: string;
  no: number;
  at: number;
  type: 'message' | 'read' | 'thread';
  thread_id: string;
  seq: number | null;
  message_id: string | null;
  about_id: string | null;
};

export type AuditRow = {
  seq: number;
  at: number;
  actor: string;
  action: string;
  thread_id: string | null;
  subject: string | null;
  mac: Uint8Array;
};

export type CacheKeyRow = {
  person_id: string;
  device_id: string;
  id: string;
  issued_at: number;
  expires_at: number;
  key_id: string;
  wrapped: Uint8Array;
};

export type UploadRow = {
  id: string;
  person_id: string;
  sealed: Uint8Array;
  size: number;
  received: number;
  state: 'open' | 'checking' | 'sound' | 'refused' | 'gone';
  media_type: string | null;
  stored_size: number | null;
  created_at: number;
  expires_at: number | null;
  check_at: number | null;
  checks: number;
  thread_id: string | null;
  message_id: string | null;
  position: number | null;
  key_id: string;
  wrapped_key: Uint8Array;
};
