// CHECK constraints as they read best: SQL as it is, the shape of a jsonb column as a type.
import { code } from '../markdown.ts';

interface Shape {
  t: string;
  min?: number;
  max?: number;
  of?: Shape | string[];
  p?: Record<string, Shape>;
  r?: string[];
}

function bounds(min: number | undefined, max: number | undefined, unit = ''): string {
  if (min === undefined && max === undefined) return '';
  return min === undefined ? ` up to ${max}${unit}` : ` ${min} to ${max}${unit}`;
}

/** `{ summary?: string up to 500 characters, images?: list up to 20 of string up to 2000 characters }` */
function shapeText(shape: Shape): string {
  const item = shape.of !== undefined && !Array.isArray(shape.of) ? shapeText(shape.of) : 'any JSON';
  switch (shape.t) {
    case 'string':
      return `string${bounds(shape.min, shape.max, ' characters')}`;
    case 'oneOf':
      return Array.isArray(shape.of) ? shape.of.map((value) => `'${value}'`).join(' | ') : 'any JSON';
    case 'array':
      return `list${bounds(shape.min, shape.max)} of ${item}`;
    case 'record':
      return `{ [key]: ${item} }${bounds(shape.min, shape.max, ' keys')}`;
    case 'object': {
      const keys = Object.entries(shape.p ?? {}).map(
        ([key, value]) => `${key}${shape.r?.includes(key) ? '' : '?'}: ${shapeText(value)}`,
      );
      return `{ ${keys.join(', ')} }`;
    }
    case 'any':
      return 'any JSON';
    case 'anyObject':
      return 'any JSON object';
    default:
      return `${shape.t}${bounds(shape.min, shape.max)}`;
  }
}

const shapeCall = /hub\.matches_shape\((\w+), '((?:[^']|'')*)'::jsonb\)/g;

/** A rule of a table as Markdown. */
export function checkText(expression: string): string {
  const shapes = Array.from(expression.matchAll(shapeCall), ([, column = '', json = '']) => {
    const shape: Shape = JSON.parse(json.replaceAll("''", "'"));
    return `${code(column)} is ${code(shapeText(shape))}`;
  });
  const rest = expression
    .replace(shapeCall, '')
    .replace(/^ and | and $/g, '')
    .trim();
  return [...shapes, ...(rest === '' ? [] : [code(rest)])].join(' and ');
}
