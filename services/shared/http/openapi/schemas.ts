import { z } from 'zod';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
export type JsonObject = { readonly [name: string]: Json };
type Side = 'input' | 'output';

/** What zod writes into a schema that has no meaning in a document. */
const identity = ['$schema', '$id', 'id'];

/**
 * Turns zod schemas into JSON Schema, those with a name (`.meta({ id: 'Job' })`) into components. A named schema that
 * reads and writes alike is one component; one with defaults, which callers may leave out, is `Job` and `JobInput`.
 */
export class Components {
  readonly #found = new Map<string, { input?: string; output?: string }>();
  #renamed = new Set<string>();

  /** First all schemas are looked at, then written: only then is known which names stand for two shapes. */
  learn(schema: z.ZodType, side: Side): void {
    this.#convert(schema, side);
  }

  schemaOf(schema: z.ZodType, side: Side): JsonObject {
    return this.#convert(schema, side);
  }

  /** To be called between learning and writing. */
  settle(): void {
    for (const [name, { input, output }] of this.#found) {
      if (input !== undefined && output !== undefined && input !== output) this.#renamed.add(name);
    }
  }

  schemas(): JsonObject {
    const named = [...this.#found].flatMap(([name, { input, output }]): [string, Json][] => {
      const either = JSON.parse(output ?? input ?? '{}');
      if (!this.#renamed.has(name))
        return [[name, this.#refer(either, output === undefined ? 'input' : 'output')]];
      return [
        [name, this.#refer(either, 'output')],
        [`${name}Input`, this.#refer(JSON.parse(input ?? '{}'), 'input')],
      ];
    });
    return Object.fromEntries(named.sort(([left], [right]) => (left < right ? -1 : 1)));
  }

  #convert(schema: z.ZodType, side: Side): JsonObject {
    const { $defs, ...whole } = z.toJSONSchema(schema, { io: side, unrepresentable: 'throw' }) as {
      $defs?: Record<string, JsonObject>;
      [name: string]: unknown;
    };
    for (const [name, definition] of Object.entries($defs ?? {})) this.#keep(name, side, definition);
    const name = z.globalRegistry.get(schema)?.id;
    if (name === undefined) return this.#refer(whole as JsonObject, side) as JsonObject;
    // zod writes a named schema in place where it stands alone, and as a definition where it is used inside.
    if (whole.$ref === undefined) this.#keep(name, side, whole as JsonObject);
    return this.#refer({ $ref: `#/$defs/${name}` }, side) as JsonObject;
  }

  #keep(name: string, side: Side, definition: JsonObject): void {
    const text = JSON.stringify(strip(definition));
    const known = this.#found.get(name) ?? {};
    if (known[side] !== undefined && known[side] !== text)
      throw new TypeError(`Two schemas are named ${name}: expected one.`);
    this.#found.set(name, { ...known, [side]: text });
  }

  /** References within one schema become references to components, under the name of their side. */
  #refer(value: Json, side: Side): Json {
    const text = JSON.stringify(strip(value));
    return JSON.parse(text, (key, member) => {
      if (key !== '$ref' || typeof member !== 'string') return member;
      const name = member.replace(/^#\/\$defs\//, '');
      const twin = side === 'input' && this.#renamed.has(name) ? `${name}Input` : name;
      return `#/components/schemas/${twin}`;
    });
  }
}

/** Drops identity keywords where they are keywords: a property named `id` stays. */
function strip(value: Json, inProperties = false): Json {
  if (Array.isArray(value)) return value.map((item) => strip(item));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => inProperties || !identity.includes(name));
  return Object.fromEntries(
    kept.map(([name, member]) => [
      name,
      // Examples and defaults are values, not schemas.
      !inProperties && ['examples', 'default', 'const', 'enum'].includes(name)
        ? member
        : strip(member, !inProperties && name === 'properties'),
    ]),
  );
}
