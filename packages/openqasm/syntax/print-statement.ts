import type {
  ClassicalDeclaration,
  ExternDeclaration,
  GateCall,
  Identifier,
  QuantumDeclaration,
  Statement,
  SubroutineDefinition,
} from './ast.ts';
import { printExpression, printList, printSize, printType, type Style } from './print-expression.ts';

/** The text of a statement without blocks, its `;` among it; undefined for one that has blocks. */
export function printSimple(s: Statement, style: Style): string | undefined {
  const e = (node: Parameters<typeof printExpression>[0]) => printExpression(node, style);
  switch (s.kind) {
    case 'include':
      return `include ${quoted(s.path)};`;
    case 'pragma':
      return `pragma ${s.text}`.trimEnd();
    case 'quantum-declaration':
      return printQuantum(s, style);
    case 'classical-declaration':
      return printClassical(s, style);
    case 'alias-declaration':
      return `let ${s.name.name} = ${e(s.value)};`;
    case 'extern':
      return printExtern(s, style);
    case 'opaque':
      return `opaque ${s.name.name}${printHead(s.parameters, s.qubits)};`;
    case 'gate-call':
      return printCall(s, style);
    case 'measurement':
      return `${e(s.measure)}${s.target ? ` -> ${e(s.target)}` : ''};`;
    case 'reset':
      return `reset ${e(s.operand)};`;
    case 'barrier':
    case 'nop':
      return `${[s.kind, printList(s.operands, style)].join(' ').trimEnd()};`;
    case 'delay':
      return `${[`delay[${e(s.duration)}]`, printList(s.operands, style)].join(' ').trimEnd()};`;
    case 'assignment':
      return `${e(s.target)} ${s.operator} ${e(s.value)};`;
    case 'break':
    case 'continue':
    case 'end':
      return `${s.kind};`;
    case 'return':
      return s.value ? `return ${e(s.value)};` : 'return;';
    case 'expression-statement':
      return `${e(s.expression)};`;
    case 'calibration-grammar':
      return `defcalgrammar ${quoted(s.grammar)};`;
    case 'cal':
      return `cal {${s.text}}`;
    case 'defcal':
      return `defcal ${s.signature} {${s.text}}`;
    default:
      return undefined;
  }
}

function quoted(text: string): string {
  return text.includes('"') ? `'${text}'` : `"${text}"`;
}

function printQuantum(s: QuantumDeclaration, style: Style): string {
  const name = s.name.name;
  const size = printSize(s.size, style);
  return s.keyword === 'qreg' ? `qreg ${name}${size};` : `qubit${size} ${name};`;
}

function printClassical(s: ClassicalDeclaration, style: Style): string {
  const name = s.name.name;
  if (s.keyword === 'creg') {
    return `creg ${name}${s.type.kind === 'scalar-type' ? printSize(s.type.width, style) : ''};`;
  }
  const value = s.value ? ` = ${printExpression(s.value, style)}` : '';
  return `${s.modifier ? `${s.modifier} ` : ''}${printType(s.type, style)} ${name}${value};`;
}

function printCall(s: GateCall, style: Style): string {
  const modifiers = s.modifiers.map(({ modifier, argument }) => {
    return `${modifier}${argument ? `(${printExpression(argument, style)})` : ''} @ `;
  });
  const args = s.arguments.length > 0 ? `(${printList(s.arguments, style)})` : '';
  const operands = s.operands.length > 0 ? ` ${printList(s.operands, style)}` : '';
  return `${modifiers.join('')}${s.name.name}${args}${printSize(s.duration, style)}${operands};`;
}

/** `(a, b) q, r` of a gate. */
export function printHead(parameters: readonly Identifier[], qubits: readonly Identifier[]): string {
  const names = (list: readonly Identifier[]) => list.map(({ name }) => name).join(', ');
  return `${parameters.length > 0 ? `(${names(parameters)})` : ''} ${names(qubits)}`;
}

function printExtern(s: ExternDeclaration, style: Style): string {
  const parameters = s.parameters.map(({ access, type }) => withAccess(access, printType(type, style)));
  const returns = s.returns ? ` -> ${printType(s.returns, style)}` : '';
  return `extern ${s.name.name}(${parameters.join(', ')})${returns};`;
}

export function printSubroutineHead(s: SubroutineDefinition, style: Style): string {
  const parameters = s.parameters.map(({ access, type, name }) => {
    return withAccess(access, `${printType(type, style)} ${name.name}`);
  });
  const returns = s.returns ? ` -> ${printType(s.returns, style)}` : '';
  return `def ${s.name.name}(${parameters.join(', ')})${returns}`;
}

function withAccess(access: string | undefined, text: string): string {
  return access ? `${access} ${text}` : text;
}
