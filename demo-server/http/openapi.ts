import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import type { Endpoint } from '../../protocol/endpoints.ts';
import { type ProblemCode, problemSchema, problemStatus } from '../../protocol/problem.ts';

type Json = Record<string, unknown>;

const problemsOf: Readonly<Record<Endpoint['caller'], readonly ProblemCode[]>> = {
  person: ['unauthenticated', 'session-expired', 'forbidden', 'rate-limited', 'internal', 'unavailable'],
  portal: ['unauthenticated', 'forbidden', 'internal', 'unavailable'],
  anyone: ['forbidden', 'internal'],
};

const security: Readonly<Record<Endpoint['caller'], readonly Json[]>> = {
  person: [{ session: [] }],
  portal: [{ serviceKey: [] }],
  anyone: [],
};

/** The contract in print, made of the same table that requests are checked against. */
export function openApiDocument(endpoints: Readonly<Record<string, Endpoint>>) {
  const schemas = new Components();
  const paths: Record<string, Json> = {};
  for (const [name, endpoint] of Object.entries(endpoints)) {
    paths[endpoint.path] = {
      ...paths[endpoint.path],
      [endpoint.method]: operationOf(name, endpoint, schemas),
    };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'grow-messages',
      version: '1',
      description: 'Secure messages between clients and their providers, for the portal around them.',
    },
    paths,
    components: {
      schemas: schemas.all,
      securitySchemes: {
        session: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: "Signed by the portal's server: sub, aud grow-messages, exp; an hour at most.",
        },
        serviceKey: {
          type: 'http',
          scheme: 'bearer',
          description: "SERVICE_KEY, which the portal's server has.",
        },
      },
    },
  };
}

function operationOf(name: string, endpoint: Endpoint, schemas: Components): Json {
  const { params, query, headers, body, caller, mediaType = 'application/json' } = endpoint;
  const responses: Record<string, Json> = {};
  for (const [status, answer] of Object.entries(endpoint.answers)) {
    const type = Number(status) < 400 ? mediaType : 'application/problem+json';
    responses[status] = {
      description: STATUS_CODES[status] ?? status,
      ...(answer !== null && { content: { [type]: { schema: schemas.of(answer, 'output') } } }),
    };
  }
  for (const [status, codes] of byStatus(problemCodesOf(endpoint))) {
    responses[status] = {
      description: codes.map((code) => `\`${code}\``).join(' or '),
      content: { 'application/problem+json': { schema: schemas.of(problemSchema, 'output') } },
    };
  }
  return {
    operationId: name,
    summary: endpoint.summary,
    security: security[caller],
    parameters: [
      ...parametersOf('path', params, schemas),
      ...parametersOf('query', query, schemas),
      ...parametersOf('header', headers, schemas),
    ],
    ...(body && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: schemas.of(body, 'input') } },
      },
    }),
    responses,
  };
}

function parametersOf(
  place: 'path' | 'query' | 'header',
  object: z.ZodObject | undefined,
  schemas: Components,
) {
  return Object.entries(object?.shape ?? {}).map(([name, schema]) => ({
    name: place === 'header' ? titleCase(name) : name,
    in: place,
    required: place === 'path' || !(schema as z.ZodType).safeParse(undefined).success,
    schema: schemas.of(schema as z.ZodType, 'output'),
  }));
}

function problemCodesOf({ caller, params, query, body, problems = [] }: Endpoint): ReadonlySet<ProblemCode> {
  const codes = new Set<ProblemCode>([...problemsOf[caller], ...problems]);
  if (params !== undefined || query !== undefined || body !== undefined) codes.add('invalid');
  if (body !== undefined) codes.add('unsupported-media-type').add('too-large');
  return codes;
}

function byStatus(codes: Iterable<ProblemCode>): ReadonlyMap<string, readonly ProblemCode[]> {
  return Map.groupBy(codes, (code) => String(problemStatus[code]));
}

/** Schemas that have a name are printed once and pointed at. */
class Components {
  readonly #named = new Map<string, Json>();

  get all(): Json {
    return Object.fromEntries([...this.#named].toSorted(([one], [other]) => (one < other ? -1 : 1)));
  }

  of(schema: z.ZodType, io: 'input' | 'output'): Json {
    const printed = z.toJSONSchema(schema, {
      io,
      target: 'draft-2020-12',
      // What we answer may grow: a reader that refuses what it does not know would break.
      override: ({ jsonSchema }) => delete jsonSchema.additionalProperties,
    });
    const { $schema: _, $defs = {}, id, ...rest } = printed as Json & { id?: string };
    for (const [name, definition] of Object.entries($defs as Record<string, Json>)) {
      this.#named.set(name, withoutId(pointAtComponents(definition)));
    }
    const whole = pointAtComponents(rest);
    if (id === undefined) return whole;
    this.#named.set(id, whole);
    return { $ref: `#/components/schemas/${id}` };
  }
}

function pointAtComponents(schema: Json): Json {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/')) as Json;
}

function withoutId({ id: _, ...schema }: Json): Json {
  return schema;
}

function titleCase(header: string): string {
  return header.replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase()).replace(/Id$/, 'ID');
}
