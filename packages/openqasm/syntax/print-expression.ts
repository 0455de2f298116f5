import type {
  ArrayLiteral,
  Expression,
  MeasureExpression,
  QubitTypeSyntax,
  RangeExpression,
  SetExpression,
  TypeSyntax,
} from './ast.ts';
import { BINARY_OPERATORS, BINDING_POWERS, UNARY_POWER } from './token-kinds.ts';

/** What printing depends on beside the tree. */
export type Style = {
  /** The language that is written: powers are `^` in OpenQASM 2, and an `if` has no block. */
  readonly version: 2 | 3;
  /** The text of the block of a `durationof`. */
  readonly block: (block: Extract<Expression, { kind: 'durationof' }>['body']) => string;
};

type Operand = Expression | MeasureExpression | ArrayLiteral | RangeExpression | SetExpression;

/** Canonical text: one blank around binary operators but `**`, one behind a comma, brackets as written and where they are needed. */
export function printExpression(e: Operand, style: Style): string {
  switch (e.kind) {
    case 'identifier':
      return e.name;
    case 'integer':
      return printInteger(e.value, e.base);
    case 'float':
    case 'imaginary':
    case 'duration-literal':
      return e.text;
    case 'boolean':
      return String(e.value);
    case 'bitstring':
      return `"${e.bits}"`;
    case 'hardware-qubit':
      return `$${e.number}`;
    case 'parenthesized':
      return `(${printExpression(e.expression, style)})`;
    case 'unary':
      return `${e.operator}${printOperand(e.operand, UNARY_POWER, style)}`;
    case 'binary':
      return printBinary(e, style);
    case 'index':
      return `${printOperand(e.of, POSTFIX_POWER, style)}[${printList(e.indices, style)}]`;
    case 'call':
      return `${e.name.name}(${printList(e.arguments, style)})`;
    case 'cast':
      return `${printType(e.type, style)}(${printExpression(e.operand, style)})`;
    case 'durationof':
      return `durationof(${style.block(e.body)})`;
    case 'concatenation':
      return e.parts.map((part) => printExpression(part, style)).join(' ++ ');
    case 'measure-expression':
      return `measure ${printExpression(e.operand, style)}`;
    case 'set':
    case 'array-literal':
      return `{${printList(e.elements, style)}}`;
    case 'range':
      return printRange(e, style);
  }
}

export function printList(list: readonly Operand[], style: Style): string {
  return list.map((item) => printExpression(item, style)).join(', ');
}

const PREFIXES = { 2: '0b', 8: '0o', 10: '', 16: '0x' } as const;

function printInteger(value: bigint, base: 2 | 8 | 10 | 16): string {
  return PREFIXES[base] + value.toString(base);
}

/** Brackets, names, calls and literals bind tighter than any operator. */
const POSTFIX_POWER = 13;

function powerOf(e: Operand): number {
  if (e.kind === 'binary') return BINDING_POWERS[BINARY_OPERATORS.indexOf(e.operator)] as number;
  return e.kind === 'unary' ? UNARY_POWER : POSTFIX_POWER;
}

/** With brackets where the operand would be torn apart without them (trees made by hand, never those of `parse`). */
function printOperand(e: Operand, least: number, style: Style): string {
  const text = printExpression(e, style);
  return powerOf(e) < least ? `(${text})` : text;
}

/**
 * The left spine goes by a loop: operators in a row make a tree as deep as they are many.
 */
function printBinary(e: Extract<Expression, { kind: 'binary' }>, style: Style): string {
  const tails: string[] = [];
  let left: Expression = e;
  let least = 0;
  while (left.kind === 'binary' && powerOf(left) >= least) {
    const power = powerOf(left);
    const isPower = left.operator === '**';
    // A unary operator needs no brackets on the right of a power, though it binds less: `2**-1`.
    const right = isPower && left.right.kind === 'unary' ? UNARY_POWER : isPower ? power : power + 1;
    const operator = isPower ? (style.version === 2 ? '^' : '**') : ` ${left.operator} `;
    tails.push(operator + printOperand(left.right, right, style));
    least = isPower ? POSTFIX_POWER : power;
    left = left.left;
  }
  return printOperand(left, least, style) + tails.reverse().join('');
}

function printRange(e: RangeExpression, style: Style): string {
  const parts = e.step ? [e.from, e.step, e.to] : [e.from, e.to];
  return parts.map((part) => (part ? printExpression(part, style) : '')).join(':');
}

export function printType(type: TypeSyntax | QubitTypeSyntax, style: Style): string {
  if (type.kind === 'qubit-type') return `qubit${printSize(type.size, style)}`;
  if (type.kind === 'scalar-type') {
    return type.name + (type.part ? `[${printType(type.part, style)}]` : printSize(type.width, style));
  }
  const sizes = type.dimensions
    ? `#dim=${printExpression(type.dimensions, style)}`
    : printList(type.sizes, style);
  return `array[${printType(type.element, style)}, ${sizes}]`;
}

export function printSize(size: Expression | undefined, style: Style): string {
  return size ? `[${printExpression(size, style)}]` : '';
}
