import type { Span } from '../../source/diagnostic.ts';
import type { Expr, Value } from '../ir.ts';
import type { Code } from './code.ts';
import type { Frame } from './frame.ts';
import type { Target } from './target.ts';

/** A list of instructions being run: `at` is the next of them; past the last one, the block ends or goes into its next round. */
export type Block = { readonly code: Code; at: number } & (
  | { readonly kind: 'list' }
  | ForBlock
  | { readonly kind: 'while'; readonly span: Span; readonly condition: Expr }
  | CallBlock
);

type ForBlock = {
  readonly kind: 'for';
  readonly span: Span;
  readonly frame: 'global' | 'local';
  readonly slot: number;
  readonly rounds: number;
  /** Rounds still to go. */
  left: number;
} & (
  | { readonly over: 'range'; next: bigint; readonly step: bigint }
  | { readonly over: 'values'; readonly values: readonly Value[] }
);

export type CallBlock = {
  readonly kind: 'call';
  /** The frame to go back to. */
  readonly caller: Frame;
  /** Where the answer goes. */
  readonly to: Target | undefined;
  /** Arrays by reference: written back where the subroutine changed them. */
  readonly references: readonly { readonly target: Target; readonly slot: number; readonly before: Value }[];
};

export function listBlock(code: Code): Block {
  return { kind: 'list', code, at: 0 };
}

/** @param copied the copy of a frame, the same one every time */
export function copyBlocks(blocks: readonly Block[], copied: (frame: Frame) => Frame): Block[] {
  const moved = (target: Target) => ({ ...target, frame: copied(target.frame) });
  return blocks.map((block) => {
    if (block.kind !== 'call') return { ...block };
    return {
      ...block,
      caller: copied(block.caller),
      to: block.to && moved(block.to),
      references: block.references.map((each) => ({ ...each, target: moved(each.target) })),
    };
  });
}
