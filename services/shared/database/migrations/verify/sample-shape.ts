/** JSON documents of a declared shape, as `hub.matches_shape` knows them. */

type Shape = {
  readonly t: string;
  readonly min?: number;
  readonly max?: number;
  readonly of?: Shape | readonly string[];
  readonly p?: Readonly<Record<string, Shape>>;
  readonly r?: readonly string[];
};

/** One document with only what is required, and one with all that may be there. */
export function sampleShape(text: string): string[] {
  const shape = JSON.parse(text) as Shape;
  return [JSON.stringify(sample(shape, false)), JSON.stringify(sample(shape, true))];
}

function sample(shape: Shape, full: boolean): unknown {
  const of = shape.of;
  switch (shape.t) {
    case 'boolean':
      return full;
    case 'string':
      return full ? 'é"\\😀'.slice(0, shape.max) : '';
    case 'oneOf':
      return (of as readonly string[]).at(full ? -1 : 0);
    case 'number':
    case 'integer':
      return (full ? shape.max : shape.min) ?? 0;
    case 'array':
      return full && (shape.max ?? 1) > 0 ? [sample(of as Shape, full)] : [];
    case 'record':
      return full && (shape.max ?? 1) > 0 ? { key: sample(of as Shape, full) } : {};
    case 'object':
      return Object.fromEntries(
        Object.entries(shape.p ?? {})
          .filter(([name]) => full || shape.r?.includes(name))
          .map(([name, part]) => [name, sample(part, full)]),
      );
    default:
      return full ? { key: [1, null, 'é'] } : {};
  }
}
