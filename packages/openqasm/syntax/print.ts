import type { Program } from './ast.ts';
import { toOpenQasm3 } from './modernize.ts';
import { NO_TRIVIA, Printer } from './printer.ts';

/**
 * The program as canonical OpenQASM 3: a statement a line, two blanks for each block. What `parse` reads
 * from it equals the tree, spans aside. A tree of OpenQASM 2 is translated (`toOpenQasm3`).
 */
export function print(tree: Program): string {
  const modern = toOpenQasm3(tree);
  const printer = new Printer(3, NO_TRIVIA);
  if (modern.versionGiven) printer.line(`OPENQASM ${modern.version.major}.${modern.version.minor};`);
  printer.statements(modern.statements);
  return `${printer.lines.join('\n')}\n`;
}
