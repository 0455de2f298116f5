/**
 * A stretch of the source: offsets in UTF-16 code units, `end` not included. Included files lie behind the program,
 * one after another, so that one number tells file and place (`SourceText`).
 */
export type Span = { readonly start: number; readonly end: number };

/**
 * What is wrong with a program, and where. Lines and columns count from 1, columns and lengths in UTF-16 code units
 * (what editors count); `length` is at least 1 unless the program is empty, and never reaches past the line's end.
 */
export type Diagnostic = {
  readonly line: number;
  readonly column: number;
  readonly length: number;
  /** The included file that the line belongs to, by its name in the `includes` map; absent: the program itself. */
  readonly file?: string;
  /** One of `CODES`: stable, for machines and for the table in the README. */
  readonly code: DiagnosticCode;
  /** One sentence that names the thing and its value. */
  readonly message: string;
  /** What would have been right here, as a noun phrase: "';' after the statement". */
  readonly expected: string;
  /** What the person probably meant: a replacement text or an advice. */
  readonly suggestion?: string;
};

/** Every code, with what it means. The README's table is made from this one. */
export const CODES = {
  encoding: 'the source is not UTF-8 text',
  empty: 'the source holds no program',
  version: 'the version line is missing where needed, wrong, or of a language that is not read here',
  syntax: 'the text does not follow the grammar',
  undeclared: 'a name that stands for nothing',
  redeclared: 'a name that is taken in this scope',
  'unknown-gate': 'a gate that nothing defines',
  include: 'an include of a file that was not given',
  arity: 'too many or too few qubits, parameters or arguments',
  index: 'an index outside of its register or array',
  size: 'registers, widths or arrays that do not fit together',
  'same-qubit': 'one qubit used twice in one operation',
  type: 'a value or operand of a type that is not taken here',
  constant: 'a value that has to be known before the program runs, and is not; or a change of a constant',
  scope: 'a statement where it is not allowed',
  recursion: 'a gate or subroutine that calls itself',
  value:
    'a value without a result: a division by zero, a root of a negative number, a shift by a negative amount',
  input: 'an input that is missing, unknown, or of another type or range than declared',
  unsupported: 'a feature of the language that this device, or any simulator, cannot run',
  limit: 'a program that is larger, deeper, wider or longer than the caller allows',
} as const;

export type DiagnosticCode = keyof typeof CODES;

/** A diagnostic before lines are counted: what the passes collect. */
export type Finding = Span & Omit<Diagnostic, 'line' | 'column' | 'length' | 'file'>;
