import type { Block } from './blocks.ts';
import type { Codes } from './code.ts';

/**
 * The share of the program's own statements that a run has behind it, 0 to 1. A statement weighs as many operations as it stands for at
 * least, a loop over a range as many rounds; how many rounds a `while` takes nobody knows, so it counts as done when it is left.
 *
 * @param working whether the last statement that was begun is still being worked on
 */
export function progressOf(blocks: readonly Block[], codes: Codes, working: boolean): number {
  let share = 0;
  let scale = 1;
  // The program has ended.
  if (blocks.length === 0) return 1;
  for (const [depth, block] of blocks.entries()) {
    const before = codes.weights(block.code);
    const all = before[block.code.list.length] || 1;
    const within = depth < blocks.length - 1 || working;
    // What is being worked on was stepped over when it began.
    const at = within ? Math.max(0, block.at - 1) : block.at;
    if (block.kind === 'for') {
      share += scale * ((block.rounds - block.left - 1) / block.rounds);
      scale /= block.rounds;
    }
    if (block.kind === 'while') return share;
    share += (scale * (before[at] as number)) / all;
    scale *= ((before[block.at] as number) - (before[at] as number)) / all;
  }
  return share;
}
