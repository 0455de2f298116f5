/** Requests made of the OpenAPI document: near what it describes, and off it in every way. */
import fc from 'fast-check';

export type JsonSchema = { readonly [keyword: string]: unknown };

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: JsonSchema;
}

export interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Record<string, { schema: JsonSchema; example?: unknown }> };
  readonly responses: Record<string, { readonly content?: Record<string, { schema: JsonSchema }> }>;
}

export interface OpenApi {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, JsonSchema> };
}

export interface FuzzedRequest {
  readonly operation: Operation;
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

/** Texts that break careless code: of SQL, of paths, of Unicode, of JavaScript. */
const nasty = fc.constantFrom(
  '',
  '\0',
  '\ud800',
  "'; drop table x; --",
  '../../etc/passwd',
  '__proto__',
  '%00',
  '😀'.repeat(20),
  'x'.repeat(3000),
  '-1',
  'NaN',
  '1e400',
  '\u202e',
  '{}',
);
const junk: fc.Arbitrary<unknown> = fc.oneof(
  nasty,
  fc.jsonValue({ maxDepth: 3 }),
  fc.double(),
  fc.constant(9e307),
);

/** Values that mostly fit a schema. */
function fitting(schema: JsonSchema, { components }: OpenApi, depth = 0): fc.Arbitrary<unknown> {
  const inner = (part: unknown) => fitting(part as JsonSchema, { components, paths: {} }, depth + 1);
  const { $ref, enum: values, const: fixed, anyOf, oneOf, type } = schema;
  const fits = (): fc.Arbitrary<unknown> => {
    if (depth > 6) return junk;
    if (typeof $ref === 'string') return inner(components.schemas[$ref.split('/').at(-1) ?? '']);
    if (fixed !== undefined) return fc.constant(fixed);
    if (Array.isArray(values)) return fc.constantFrom(...values);
    const options = anyOf ?? oneOf;
    if (Array.isArray(options)) return fc.oneof(...options.map(inner));
    if (type === 'object') return objectOf(schema, inner);
    if (type === 'array') return fc.array(inner(schema.items ?? {}), { maxLength: 3 });
    if (type === 'integer') return fc.oneof(fc.integer({ min: -2, max: 100 }), fc.maxSafeInteger());
    if (type === 'number') return fc.double();
    if (type === 'boolean') return fc.boolean();
    if (type === 'null') return fc.constant(null);
    if (type === 'string') return textOf(schema);
    return junk;
  };
  return fc.oneof({ weight: 12, arbitrary: fits() }, { weight: 1, arbitrary: junk });
}

function textOf({ format }: JsonSchema): fc.Arbitrary<string> {
  if (format === 'uuid') return fc.uuid();
  if (format === 'date-time') return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  if (format === 'email') return fc.emailAddress();
  return fc.oneof(fc.string({ maxLength: 40 }), fc.string({ unit: 'binary', maxLength: 40 }), nasty);
}

function objectOf(
  { properties = {}, required = [], additionalProperties }: JsonSchema,
  inner: (part: unknown) => fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown> {
  const members = Object.entries(properties as Record<string, unknown>).map(
    ([name, part]) => [name, inner(part)] as const,
  );
  const known = fc.record(Object.fromEntries(members), {
    requiredKeys: (required as string[]).filter((name) => members.some(([member]) => member === name)),
  });
  const isOpen = typeof additionalProperties === 'object' && additionalProperties !== null;
  const more = fc.dictionary(fc.string({ maxLength: 10 }), isOpen ? inner(additionalProperties) : junk, {
    maxKeys: 2,
  });
  return fc
    .tuple(known, fc.oneof({ weight: isOpen ? 1 : 8, arbitrary: fc.constant({}) }, more))
    .map(([own, others]) => ({ ...others, ...own }));
}

/** The example, or it with one member gone, or with one that is off. */
function nearExample(example: unknown): fc.Arbitrary<unknown> {
  if (typeof example !== 'object' || example === null) return fc.constant(example);
  const names = Object.keys(example);
  if (names.length === 0) return fc.constant(example);
  return fc.oneof(
    fc.constant(example),
    fc
      .constantFrom(...names)
      .map((gone) => Object.fromEntries(Object.entries(example).filter(([name]) => name !== gone))),
    fc.tuple(fc.constantFrom(...names), junk).map(([name, value]) => ({ ...example, [name]: value })),
  );
}

/** Requests to one operation; `ids` are those that paths may name beside what nobody has. */
export function requestsOf(
  document: OpenApi,
  [path, method, operation]: readonly [string, string, Operation],
  ids: readonly string[],
): fc.Arbitrary<FuzzedRequest> {
  const parameters = operation.parameters ?? [];
  const media = operation.requestBody?.content['application/json'];
  const body = media
    ? fc.oneof(nearExample(media.example), fitting(media.schema, document), junk)
    : fc.constant(undefined);
  const inPath = fc.record(
    Object.fromEntries(
      parameters
        .filter((each) => each.in === 'path')
        .map(({ name, schema }) => [name, pathValue(schema, document, ids)]),
    ),
  );
  const inQuery = fc.record(
    Object.fromEntries(
      parameters
        .filter((each) => each.in === 'query')
        .map(({ name, schema }) => [name, queryValue(name, schema, document)]),
    ),
    { requiredKeys: [] },
  );
  const headers = fc.record(
    Object.fromEntries(
      parameters.filter((each) => each.in === 'header').map(({ name }) => [name.toLowerCase(), headerValue]),
    ),
    { requiredKeys: [] },
  );
  return fc.tuple(inPath, inQuery, headers, body).map(([params, query, fields, sent]) => ({
    operation,
    method: method.toUpperCase(),
    path: addressOf(path, params as Record<string, string>, query as Record<string, unknown>),
    headers: fields as Record<string, string>,
    body: sent,
  }));
}

const headerValue = fc
  .string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 40 })
  .map((text) => text.trim() || 'x');

/** Segments that are none (empty, dots) would name another route. */
function pathValue(schema: JsonSchema, document: OpenApi, ids: readonly string[]): fc.Arbitrary<string> {
  const off = fitting(schema, document).map(String);
  return fc
    .oneof(fc.constantFrom(...ids), fc.uuid(), fc.constantFrom('local', 'statevector', 'current'), off)
    .map((text) => text.toWellFormed().slice(0, 400))
    .filter((text) => !/^\.{0,2}$/.test(text));
}

/** A long poll waits as long as it is told to: one second at most here. */
function queryValue(name: string, schema: JsonSchema, document: OpenApi): fc.Arbitrary<unknown> {
  return name === 'wait' ? fc.constantFrom(0, 1, -1, 'x') : fitting(schema, document);
}

function addressOf(path: string, params: Record<string, string>, query: Record<string, unknown>): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? 'x'));
  const asked = Object.entries(query).map(
    ([name, value]) => `${name}=${encodeURIComponent(String(value).toWellFormed().slice(0, 500))}`,
  );
  return asked.length === 0 ? filled : `${filled}?${asked.join('&')}`;
}
