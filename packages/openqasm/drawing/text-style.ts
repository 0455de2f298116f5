/** The letters that a drawing is made of. */
export type Letters = {
  readonly wire: string;
  readonly bits: string;
  readonly line: string;
  readonly bitLine: string;
  readonly cross: string;
  readonly bitCross: string;
  readonly bitEnd: string;
  /** Corners from the top left clockwise, top and bottom edge. */
  readonly box: readonly [string, string, string, string, string];
  readonly left: string;
  readonly right: string;
  /** Where a line leaves a box. */
  readonly up: string;
  readonly down: string;
  readonly on: string;
  readonly off: string;
  readonly swap: string;
  readonly barrier: string;
  readonly zero: string;
  readonly more: string;
  readonly frame: readonly [string, string, string, string, string, string];
};

export const UNICODE: Letters = {
  wire: '─',
  bits: '═',
  line: '│',
  bitLine: '║',
  cross: '┼',
  bitCross: '╫',
  bitEnd: '╩',
  box: ['┌', '┐', '┘', '└', '─'],
  left: '┤',
  right: '├',
  up: '┴',
  down: '┬',
  on: '●',
  off: '○',
  swap: '╳',
  barrier: '░',
  zero: '|0⟩',
  more: '…',
  frame: ['╭', '╮', '╯', '╰', '─', '│'],
};

export const ASCII: Letters = {
  wire: '-',
  bits: '=',
  line: '|',
  bitLine: '"',
  cross: '+',
  bitCross: '"',
  bitEnd: '^',
  box: ['+', '+', '+', '+', '-'],
  left: '|',
  right: '|',
  up: '+',
  down: '+',
  on: '*',
  off: 'o',
  swap: 'x',
  barrier: ':',
  zero: '|0>',
  more: '~',
  frame: ['.', '.', "'", "'", '-', '|'],
};

const SPELLED: Readonly<Record<string, string>> = { π: 'pi', τ: 'tau', ℇ: 'euler', '†': '^-1', '…': '...' };

/** A label with no other than ASCII letters: names in other scripts become question marks. */
export function toAscii(label: string): string {
  return [...label]
    .map((letter) => SPELLED[letter] ?? (letter > '~' || letter < ' ' ? '?' : letter))
    .join('');
}
