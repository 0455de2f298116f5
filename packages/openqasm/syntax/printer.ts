import type { Block, Expression, Statement, SwitchCase } from './ast.ts';
import { printExpression, printList, printSize, printType, type Style } from './print-expression.ts';
import { printHead, printSimple, printSubroutineHead } from './print-statement.ts';

/** What else stands between statements: comments and empty lines of the text that is formatted. */
export type Trivia = {
  /** Lines to print before what begins at `offset`; an empty string is an empty line. */
  readonly before: (offset: number) => readonly string[];
  /** Comments to print behind what ends at `offset`, on its line. */
  readonly behind: (offset: number) => string;
  /** Comments of a statement that has no blocks and ends at `offset`: they move before it. */
  readonly inside: (offset: number) => readonly string[];
};

export const NO_TRIVIA: Trivia = { before: () => [], behind: () => '', inside: () => [] };

const INDENT = '  ';

/** Writes statements line by line. */
export class Printer {
  readonly lines: string[] = [];
  readonly #style: Style;
  readonly #trivia: Trivia;
  #indent = '';

  constructor(version: 2 | 3, trivia: Trivia) {
    this.#style = { version, block: (block) => this.#inline(block) };
    this.#trivia = trivia;
  }

  line(text: string): void {
    this.lines.push(this.#indent + text);
  }

  statements(list: readonly Statement[]): void {
    for (const statement of list) this.statement(statement);
  }

  statement(s: Statement): void {
    const first = s.annotations?.[0] ?? s;
    this.before(first.start);
    for (const { keyword, text } of s.annotations ?? []) this.line(`@${keyword} ${text}`.trimEnd());
    const simple = printSimple(s, this.#style);
    if (simple === undefined) {
      this.#compound(s);
    } else {
      this.inside(s.end);
      this.line(simple);
    }
    this.behind(s.end);
  }

  /** Prints the comments before what begins (or the block that ends) at `offset`. */
  before(offset: number): void {
    this.#comments(this.#trivia.before(offset));
  }

  inside(offset: number): void {
    this.#comments(this.#trivia.inside(offset));
  }

  #comments(list: readonly string[]): void {
    for (const text of list) {
      if (text !== '') this.line(text);
      else if (this.lines.at(-1) !== '') this.lines.push('');
    }
  }

  behind(offset: number): void {
    const text = this.#trivia.behind(offset);
    if (text !== '') this.#append(` ${text}`);
  }

  #append(text: string): void {
    this.lines.push(`${this.lines.pop() ?? ''}${text}`);
  }

  #compound(s: Statement): void {
    const e = (node: Parameters<typeof printExpression>[0]) => printExpression(node, this.#style);
    switch (s.kind) {
      case 'gate-definition':
        this.#block(`gate ${s.name.name}${printHead(s.parameters, s.qubits)}`, s.body);
        break;
      case 'subroutine-definition':
        this.#block(printSubroutineHead(s, this.#style), s.body);
        break;
      case 'box':
        this.#block(`box${printSize(s.duration, this.#style)}`, s.body);
        break;
      case 'for': {
        const over = s.over.kind === 'range' ? `[${e(s.over)}]` : e(s.over);
        this.#block(`for ${printType(s.type, this.#style)} ${s.variable.name} in ${over}`, s.body);
        break;
      }
      case 'while':
        this.#block(`while (${e(s.condition)})`, s.body);
        break;
      case 'if':
        this.#if(s);
        break;
      case 'switch':
        this.#switch(s);
        break;
      case 'scope':
        this.#block('', s.body);
        break;
    }
  }

  #if(s: Extract<Statement, { kind: 'if' }>): void {
    const head = `if (${printExpression(s.condition, this.#style)})`;
    const [first] = s.then.statements;
    if (this.#style.version === 2 && first) {
      this.inside(s.end);
      this.line(`${head} ${printSimple(first, this.#style)}`);
      return;
    }
    this.#block(head, s.then);
    let rest = s.else;
    while (rest) {
      const [only] = rest.statements;
      const chained =
        rest.statements.length === 1 && only?.kind === 'if' && !only.annotations ? only : undefined;
      const head = chained ? ` else if (${printExpression(chained.condition, this.#style)})` : ' else';
      this.#append(head);
      this.#body(chained ? chained.then : rest);
      rest = chained?.else;
    }
  }

  #switch(s: Extract<Statement, { kind: 'switch' }>): void {
    this.line(`switch (${printExpression(s.subject, this.#style)}) {`);
    this.#nested(() => {
      for (const item of s.cases) this.#case(item);
      if (s.default) {
        this.before(s.default.start);
        this.#block('default', s.default);
        this.behind(s.default.end);
      }
      this.before(s.end - 1);
    });
    if (this.lines.at(-1) === '') this.lines.pop();
    this.line('}');
  }

  #case(item: SwitchCase): void {
    this.before(item.start);
    this.#block(`case ${printList(item.values, this.#style)}`, item.body);
    this.behind(item.end);
  }

  #nested(print: () => void): void {
    const outer = this.#indent;
    this.#indent = outer + INDENT;
    print();
    this.#indent = outer;
  }

  #block(head: string, block: Block): void {
    this.line(head);
    this.#body(block);
  }

  /** ` { ... }` behind the line that was begun. */
  #body(block: Block): void {
    const last = this.lines.at(-1) ?? '';
    this.#append(last.trim() === '' ? '{' : ' {');
    const before = this.lines.length;
    this.#nested(() => {
      this.statements(block.statements);
      this.before(block.end - 1);
    });
    while (this.lines.length > before && this.lines.at(-1) === '') this.lines.pop();
    if (this.lines[before] === '') this.lines.splice(before, 1);
    if (this.lines.length === before) this.#append('}');
    else this.line('}');
  }

  /** A block within an expression: its statements on one line. */
  #inline(block: Extract<Expression, { kind: 'durationof' }>['body']): string {
    const printer = new Printer(this.#style.version, NO_TRIVIA);
    printer.statements(block.statements);
    return `{ ${printer.lines.map((line) => line.trim()).join(' ')} }`;
  }
}
