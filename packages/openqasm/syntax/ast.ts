import type { Span } from '../source/diagnostic.ts';

/**
 * The syntax tree of OpenQASM 2 and 3.1. Names follow the grammar of the OpenQASM 3 specification.
 * OpenQASM 2 is read into the same tree: `qreg q[2];` is a QuantumDeclaration with `keyword: 'qreg'`, `measure q -> c;`
 * a Measurement with a target, `if (c == 1) x q[0];` an If without an else. `Program.version` tells them apart where meaning differs.
 */
export type Program = Node<'program'> & {
  readonly version: { readonly major: 2 | 3; readonly minor: number };
  /** False where the text had no OPENQASM line (read as 3, or as 2 where it holds `qreg`/`creg` and parses so). */
  readonly versionGiven: boolean;
  readonly statements: readonly Statement[];
};

type Node<K extends string> = Span & { readonly kind: K };

export type Identifier = Node<'identifier'> & { readonly name: string };

// ---------------------------------------------------------------- statements

export type Annotation = Node<'annotation'> & { readonly keyword: string; readonly text: string };

export type Statement = (
  | Include
  | Pragma
  | QuantumDeclaration
  | ClassicalDeclaration
  | AliasDeclaration
  | GateDefinition
  | SubroutineDefinition
  | ExternDeclaration
  | OpaqueDeclaration
  | GateCall
  | Measurement
  | Reset
  | Barrier
  | Delay
  | Box
  | Nop
  | Assignment
  | If
  | For
  | While
  | Switch
  | Break
  | Continue
  | End
  | Return
  | ExpressionStatement
  | CalibrationGrammar
  | Calibration
  | Defcal
  | Scope
) & { readonly annotations?: readonly Annotation[] };

export type Include = Node<'include'> & { readonly path: string };
export type Pragma = Node<'pragma'> & { readonly text: string };

/** `qubit[n] q;`, `qubit q;`, `qreg q[n];`. `size` undefined: a lone qubit. */
export type QuantumDeclaration = Node<'quantum-declaration'> & {
  readonly keyword: 'qubit' | 'qreg';
  readonly size: Expression | undefined;
  readonly name: Identifier;
};

/** `int[8] a = 3;`, `const float x = pi;`, `input angle t;`, `output bit b;`, `creg c[2];`, `array[int, 2, 3] m = {...};` */
export type ClassicalDeclaration = Node<'classical-declaration'> & {
  readonly modifier: 'const' | 'input' | 'output' | undefined;
  readonly keyword: 'creg' | 'type';
  readonly type: TypeSyntax;
  readonly name: Identifier;
  readonly value: Expression | MeasureExpression | ArrayLiteral | undefined;
};

/** `let a = q[0:2] ++ r;` */
export type AliasDeclaration = Node<'alias-declaration'> & {
  readonly name: Identifier;
  readonly value: Expression;
};

export type GateDefinition = Node<'gate-definition'> & {
  readonly name: Identifier;
  readonly parameters: readonly Identifier[];
  readonly qubits: readonly Identifier[];
  readonly body: Block;
};

export type SubroutineDefinition = Node<'subroutine-definition'> & {
  readonly name: Identifier;
  readonly parameters: readonly SubroutineParameter[];
  readonly returns: TypeSyntax | undefined;
  readonly body: Block;
};

export type SubroutineParameter = Node<'subroutine-parameter'> & {
  /** Arrays are passed by reference, readonly or mutable. */
  readonly access: 'readonly' | 'mutable' | undefined;
  readonly type: TypeSyntax | QubitTypeSyntax;
  readonly name: Identifier;
};

export type ExternDeclaration = Node<'extern'> & {
  readonly name: Identifier;
  readonly parameters: readonly ExternParameter[];
  readonly returns: TypeSyntax | undefined;
};

export type ExternParameter = Node<'extern-parameter'> & {
  readonly access: 'readonly' | 'mutable' | undefined;
  readonly type: TypeSyntax;
};

/** OpenQASM 2 only. */
export type OpaqueDeclaration = Node<'opaque'> & {
  readonly name: Identifier;
  readonly parameters: readonly Identifier[];
  readonly qubits: readonly Identifier[];
};

export type GateModifier = Node<'gate-modifier'> & {
  readonly modifier: 'ctrl' | 'negctrl' | 'inv' | 'pow';
  readonly argument: Expression | undefined;
};

/** `ctrl @ x q[0], q[1];`, `U(a, b, c) q;`, `gphase(t);`. `arguments` holds the parameters, `duration` a timing `[100ns]`. */
export type GateCall = Node<'gate-call'> & {
  readonly modifiers: readonly GateModifier[];
  readonly name: Identifier;
  readonly arguments: readonly Expression[];
  readonly duration: Expression | undefined;
  readonly operands: readonly Expression[];
};

export type MeasureExpression = Node<'measure-expression'> & { readonly operand: Expression };

/** `measure q -> c;`, `measure q;`. `c = measure q;` is an Assignment, `bit c = measure q;` a declaration. */
export type Measurement = Node<'measurement'> & {
  readonly measure: MeasureExpression;
  readonly target: Expression | undefined;
};

export type Reset = Node<'reset'> & { readonly operand: Expression };
/** No operands: all qubits. */
export type Barrier = Node<'barrier'> & { readonly operands: readonly Expression[] };
export type Delay = Node<'delay'> & {
  readonly duration: Expression;
  readonly operands: readonly Expression[];
};
export type Box = Node<'box'> & { readonly duration: Expression | undefined; readonly body: Block };
export type Nop = Node<'nop'> & { readonly operands: readonly Expression[] };

export type AssignmentOperator =
  | '='
  | '+='
  | '-='
  | '*='
  | '/='
  | '&='
  | '|='
  | '~='
  | '^='
  | '<<='
  | '>>='
  | '%='
  | '**=';

export type Assignment = Node<'assignment'> & {
  readonly target: Expression;
  readonly operator: AssignmentOperator;
  readonly value: Expression | MeasureExpression;
};

export type Block = Span & { readonly statements: readonly Statement[] };

export type If = Node<'if'> & {
  readonly condition: Expression;
  readonly then: Block;
  readonly else: Block | undefined;
};

/** `for int i in [0:3] {}`, `in {1, 2, 5}`, `in register_or_array`. */
export type For = Node<'for'> & {
  readonly type: TypeSyntax;
  readonly variable: Identifier;
  readonly over: RangeExpression | SetExpression | Expression;
  readonly body: Block;
};

export type While = Node<'while'> & { readonly condition: Expression; readonly body: Block };

export type Switch = Node<'switch'> & {
  readonly subject: Expression;
  readonly cases: readonly SwitchCase[];
  readonly default: Block | undefined;
};
export type SwitchCase = Span & { readonly values: readonly Expression[]; readonly body: Block };

export type Break = Node<'break'>;
export type Continue = Node<'continue'>;
export type End = Node<'end'>;
export type Return = Node<'return'> & { readonly value: Expression | MeasureExpression | undefined };
export type ExpressionStatement = Node<'expression-statement'> & { readonly expression: Expression };
export type CalibrationGrammar = Node<'calibration-grammar'> & { readonly grammar: string };
/** The text between the braces, unread. */
export type Calibration = Node<'cal'> & { readonly text: string };
export type Defcal = Node<'defcal'> & { readonly signature: string; readonly text: string };
/** A bare `{ ... }`. */
export type Scope = Node<'scope'> & { readonly body: Block };

// --------------------------------------------------------------------- types

export type TypeSyntax = ScalarTypeSyntax | ArrayTypeSyntax;

/** `bit[4]`, `int[8]`, `uint`, `float[64]`, `angle[20]`, `complex[float[64]]`, `bool`, `duration`, `stretch`. `width` undefined: not given. */
export type ScalarTypeSyntax = Node<'scalar-type'> & {
  readonly name: 'bit' | 'bool' | 'int' | 'uint' | 'float' | 'angle' | 'complex' | 'duration' | 'stretch';
  readonly width: Expression | undefined;
  /** `complex` only: the type of its parts. */
  readonly part: ScalarTypeSyntax | undefined;
};

/** `array[int[8], 2, 3]`; as a parameter also `array[int[8], #dim = 2]`. */
export type ArrayTypeSyntax = Node<'array-type'> & {
  readonly element: ScalarTypeSyntax;
  readonly sizes: readonly Expression[];
  readonly dimensions: Expression | undefined;
};

export type QubitTypeSyntax = Node<'qubit-type'> & { readonly size: Expression | undefined };

// --------------------------------------------------------------- expressions

export type BinaryOperator =
  | '||'
  | '&&'
  | '|'
  | '^'
  | '&'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '<<'
  | '>>'
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '**';
export type UnaryOperator = '-' | '!' | '~';

export type Expression =
  | Identifier
  | IntegerLiteral
  | FloatLiteral
  | ImaginaryLiteral
  | BooleanLiteral
  | BitstringLiteral
  | DurationLiteral
  | HardwareQubit
  | Parenthesized
  | Unary
  | Binary
  | Index
  | Call
  | Cast
  | DurationOf
  | Concatenation;

/** Any size: `0x_ff`, `0b1010`, `1_000`. */
export type IntegerLiteral = Node<'integer'> & { readonly value: bigint; readonly base: 2 | 8 | 10 | 16 };
export type FloatLiteral = Node<'float'> & { readonly value: number; readonly text: string };
export type ImaginaryLiteral = Node<'imaginary'> & { readonly value: number; readonly text: string };
export type BooleanLiteral = Node<'boolean'> & { readonly value: boolean };
/** `"0101"`: the last character is bit 0. Underscores are taken out. */
export type BitstringLiteral = Node<'bitstring'> & { readonly bits: string };
export type DurationLiteral = Node<'duration-literal'> & {
  readonly value: number;
  readonly unit: 'ns' | 'us' | 'ms' | 's' | 'dt';
  readonly text: string;
};
/** `$3` */
export type HardwareQubit = Node<'hardware-qubit'> & { readonly number: number };
export type Parenthesized = Node<'parenthesized'> & { readonly expression: Expression };
export type Unary = Node<'unary'> & { readonly operator: UnaryOperator; readonly operand: Expression };
export type Binary = Node<'binary'> & {
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
};
/** `q[0]`, `q[0:2]`, `q[{0, 3}]`, `m[1, 2]`: one Index a pair of brackets; a set stands alone in its brackets. */
export type Index = Node<'index'> & {
  readonly of: Expression;
  readonly indices: readonly (Expression | RangeExpression | SetExpression)[];
};
/** A built-in function, a subroutine or an extern. */
export type Call = Node<'call'> & { readonly name: Identifier; readonly arguments: readonly Expression[] };
/** `int[8](x)`, `bit[4](a)`. */
export type Cast = Node<'cast'> & { readonly type: TypeSyntax; readonly operand: Expression };
export type DurationOf = Node<'durationof'> & { readonly body: Block };
/** `a ++ b`, in aliases and array initialisers only. */
export type Concatenation = Node<'concatenation'> & { readonly parts: readonly Expression[] };

/** `a:b`, `a:step:b`, both ends counted in; in an index the ends may be missing. */
export type RangeExpression = Node<'range'> & {
  readonly from: Expression | undefined;
  readonly step: Expression | undefined;
  readonly to: Expression | undefined;
};
export type SetExpression = Node<'set'> & { readonly elements: readonly Expression[] };
export type ArrayLiteral = Node<'array-literal'> & {
  readonly elements: readonly (Expression | ArrayLiteral)[];
};
