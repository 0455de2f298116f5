import type { Instruction } from '../program/ir.ts';
import type { Block } from '../syntax/ast.ts';
import { type Context, collect } from './context.ts';
import { newScope } from './symbols.ts';

/** The instructions of a block whose scope stands already. */
export function checkBlockInto(context: Context, block: Block): Instruction[] {
  return collect(context, () => {
    for (const statement of block.statements) context.rules.statement(context, statement);
  });
}

/** The instructions of a block in a scope of its own; `prepare` declares what belongs to it. */
export function checkBlock(context: Context, block: Block, prepare: () => void = () => {}): Instruction[] {
  const before = context.scope;
  context.scope = newScope(before);
  prepare();
  const body = checkBlockInto(context, block);
  context.scope = before;
  return body;
}
