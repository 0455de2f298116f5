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
  /** Now and then one that the address does not have. */
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  /** Sent as JSON; bytes are sent as they are. */
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
  if (format === 'date-time') {
    const soon = fc
      .integer({ min: 1, max: 1_000_000 })
      .map((seconds) => new Date(Date.now() + seconds * 1000));
    return fc.oneof(soon, fc.date({ noInvalidDate: true })).map((date) => date.toISOString());
  }
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

/** The example with another member that its schema knows. */
function withOneMore(example: unknown, schema: JsonSchema, document: OpenApi): fc.Arbitrary<unknown> {
  const name = String(schema.$ref).split('/').at(-1) ?? '';
  const { properties = {} } = document.components.schemas[name] ?? schema;
  const members = Object.entries(properties as Record<string, JsonSchema>);
  if (members.length === 0 || typeof example !== 'object') return fc.constant(example);
  const one = fc.oneof(
    ...members.map(([member, part]) => fitting(part, document).map((value) => [member, value])),
  );
  return one.map(([member, value]) => ({ ...example, [member as string]: value }));
}

/** Stands for something that was seen by then: see test-seen.ts. */
const placeholder = (...names: readonly string[]): fc.Arbitrary<string> =>
  fc.tuple(fc.constantFrom(...names), fc.nat({ max: 999 })).map(([name, at]) => `${name}-${at}`);

/** No JSON at all, half of some, too deep, too long, or in bytes that are no text. */
const brokenBody = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }).map((text) => Buffer.from(text)) },
  { weight: 6, arbitrary: fc.json().map((text) => Buffer.from(text.slice(0, -1))) },
  { weight: 3, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 40 }) },
  { weight: 2, arbitrary: fc.constant(Buffer.from('['.repeat(5000))) },
  { weight: 1, arbitrary: fc.constant(Buffer.alloc(1_100_000, 'x')) },
);

/** Requests to one operation; a part of them fits, and names what was seen before. */
export function requestsOf(
  document: OpenApi,
  [path, method, operation]: readonly [string, string, Operation],
): fc.Arbitrary<FuzzedRequest> {
  const parameters = operation.parameters ?? [];
  const media = operation.requestBody?.content['application/json'];
  const body = media
    ? fc.oneof(
        { weight: 4, arbitrary: nearExample(media.example) },
        { weight: 2, arbitrary: withOneMore(media.example, media.schema, document) },
        { weight: 3, arbitrary: fitting(media.schema, document) },
        { weight: 2, arbitrary: junk },
        { weight: 1, arbitrary: brokenBody },
      )
    : fc.constant(undefined);
  const inPath = fc.record(
    Object.fromEntries(
      parameters
        .filter((each) => each.in === 'path')
        .map(({ name, schema }) => [name, pathValue(name, schema, document)]),
    ),
  );
  const inQuery = seldom(
    Object.fromEntries(
      parameters
        .filter((each) => each.in === 'query')
        .map(({ name, schema }) => [name, queryValue(name, schema, document)]),
    ),
  );
  const headers = seldom(
    Object.fromEntries(
      parameters
        .filter((each) => each.in === 'header')
        .map(({ name }) => [name.toLowerCase(), headerValue(name)]),
    ),
  );
  const sentAs = fc.oneof({ weight: 30, arbitrary: fc.constant(method) }, strayMethod);
  return fc
    .tuple(inPath, inQuery, fc.tuple(headers, strayHeaders), body, sentAs)
    .map(([params, query, [fields, strays], sent, verb]) => ({
      operation,
      method: verb.toUpperCase(),
      path: addressOf(path, params as Record<string, string>, query as Record<string, unknown>),
      headers: { ...(sent === undefined ? {} : strays), ...(fields as Record<string, string>) },
      body: verb === 'head' || verb === 'get' ? undefined : sent,
    }));
}

/** Objects without a prototype have no text of their own. */
const textOfValue = (value: unknown): string =>
  typeof value === 'object' ? JSON.stringify(value) : String(value);

/** Of many optional parts that are each wrong now and then, all together hardly ever fit: a half goes without. */
function seldom(parts: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Record<string, unknown>> {
  return fc.oneof(fc.constant({}), fc.record(parts, { requiredKeys: [] }));
}

const strayMethod = fc.constantFrom('head', 'options', 'put', 'patch', 'delete', 'post', 'get');

/** Of a body: types and encodings that a caller may name wrongly. */
const strayHeaders: fc.Arbitrary<Record<string, string>> = fc.oneof(
  { weight: 20, arbitrary: fc.constant({}) },
  fc.constantFrom<Record<string, string>>(
    { 'content-type': 'text/plain' },
    { 'content-type': 'application/json; charset=latin1' },
    { 'content-type': 'application/problem+json' },
    { 'content-type': 'application/x-www-form-urlencoded' },
    { 'content-encoding': 'gzip' },
    { accept: 'text/event-stream' },
    { origin: 'https://elsewhere.example.org' },
    { 'if-none-match': '*' },
  ),
);

function headerValue(name: string): fc.Arbitrary<string> {
  const text = fc
    .string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 40 })
    .map((ascii) => ascii.trim() || 'x');
  if (name === 'Idempotency-Key') return fc.oneof(text, fc.constantFrom('one', 'two', 'x'.repeat(256)));
  return fc.oneof(text, placeholder('tag'), fc.constant('*'));
}

/** Segments that are none (empty, dots) would name another route. */
function pathValue(name: string, schema: JsonSchema, document: OpenApi): fc.Arbitrary<string> {
  return fc
    .oneof(
      { weight: 6, arbitrary: seenInPath(name) },
      { weight: 1, arbitrary: fc.uuid() },
      { weight: 1, arbitrary: fitting(schema, document).map(textOfValue) },
    )
    .map((text) => text.toWellFormed().slice(0, 400))
    .filter((text) => !/^\.{0,2}$/.test(text));
}

/** One's own are asked for more often than a stranger's. */
function seenInPath(name: string): fc.Arbitrary<string> {
  if (name === 'platform') return fc.constant('local');
  if (name === 'name') return fc.constantFrom('statevector', 'stabilizer');
  return name === 'code' ? placeholder('code') : placeholder('mine', 'mine', 'any');
}

/** A long poll waits as long as it is told to: one second at most here. */
function queryValue(name: string, schema: JsonSchema, document: OpenApi): fc.Arbitrary<unknown> {
  if (name === 'wait') return fc.constantFrom(0, 1, -1, 'x');
  if (name === 'cursor') return fc.oneof(placeholder('cursor'), fitting(schema, document));
  return fitting(schema, document);
}

function addressOf(path: string, params: Record<string, string>, query: Record<string, unknown>): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? 'x'));
  const asked = Object.entries(query).flatMap(([name, value]) => {
    const text = `${name}=${encodeURIComponent(textOfValue(value).toWellFormed().slice(0, 500))}`;
    // Some are told twice, which makes a list of them.
    return text.length % 17 === 0 ? [text, text] : [text];
  });
  return asked.length === 0 ? filled : `${filled}?${asked.join('&')}`;
}
