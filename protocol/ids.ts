import { z } from 'zod';

/** The portal's own name for a person: 1 to 128 characters, none of them a control character. */
export const personIdSchema = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must hold neither control characters nor half a character')
  .meta({ description: "The portal's own id of a person.", examples: ['ana'] });

/** Every other id: a UUID (RFC 9562). Either case is taken in; lower case is what we hold and answer. */
export const uuidSchema = z.guid().toLowerCase();

/** A place in a thread, or a cursor of the live stream: whole numbers that only rise. */
export const placeSchema = z.int().nonnegative();

/** A moment, ISO 8601 in UTC. */
export const momentSchema = z.iso.datetime();
