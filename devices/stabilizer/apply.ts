import type { CliffordAction } from './clifford.ts';
import type { Tableau } from './tableau.ts';

/**
 * Applies a Clifford gate to all rows, in one walk along its qubits' columns: everything that a word of 32 rows needs is
 * read once and written once (3000 qubits: 1.8 us a gate; 7.5 with a walk for each sum and product).
 */
export function applyAction(tableau: Tableau, action: CliffordAction): void {
  const [first, second, ...more] = action.qubits;
  if (first === undefined) return;
  if (second === undefined) applyToOne(tableau, action, first);
  else if (more.length > 0) applyToMany(tableau, action);
  else if (isSame(action, CX)) applyCx(tableau, second, first);
  else applyToTwo(tableau, action, first, second);
}

type Shape = Pick<CliffordAction, 'outputs' | 'sign'>;

/** The commonest pair by far, with the target before the control: a third of the time of `applyToTwo`. */
const CX: Shape = { outputs: [0b0101, 0b0010, 0b0100, 0b1010], sign: [0b0110, 0b0111, 0b1110] };

function isSame(a: Shape, b: Shape): boolean {
  const equal = (left: readonly number[], right: readonly number[]) =>
    left.length === right.length && left.every((mask, index) => mask === right[index]);
  return equal(a.outputs, b.outputs) && equal(a.sign, b.sign);
}

function applyCx({ words, x, z, sign }: Tableau, control: number, target: number): void {
  const c = control * words;
  const t = target * words;
  for (let word = 0; word < words; word++) {
    const xc = x[c + word] as number;
    const zc = z[c + word] as number;
    const xt = x[t + word] as number;
    const zt = z[t + word] as number;
    sign[word] = (sign[word] as number) ^ (xc & zt & ~(xt ^ zc));
    x[t + word] = xt ^ xc;
    z[c + word] = zc ^ zt;
  }
}

/** All bits set where the mask has this one, none otherwise. */
const whole = (mask: number | undefined, bit: number): number => -(((mask ?? 0) >> bit) & 1);

function applyToOne(
  { words, x, z, sign }: Tableau,
  { outputs, sign: monomials }: Shape,
  qubit: number,
): void {
  const [toX, toZ] = outputs;
  const [xx, xz, zx, zz] = [whole(toX, 0), whole(toX, 1), whole(toZ, 0), whole(toZ, 1)];
  const has = (monomial: number) => (monomials.includes(monomial) ? -1 : 0);
  const [sx, sz, sxz] = [has(0b01), has(0b10), has(0b11)];
  const offset = qubit * words;
  for (let word = 0; word < words; word++) {
    const xs = x[offset + word] as number;
    const zs = z[offset + word] as number;
    sign[word] = (sign[word] as number) ^ (xs & sx) ^ (zs & sz) ^ (xs & zs & sxz);
    x[offset + word] = (xs & xx) ^ (zs & xz);
    z[offset + word] = (xs & zx) ^ (zs & zz);
  }
}

function applyToTwo(
  { words, x, z, sign }: Tableau,
  { outputs, sign: monomials }: Shape,
  first: number,
  second: number,
): void {
  const masks = Int32Array.from({ length: 16 }, (_, at) => whole(outputs[at >> 2], at & 3));
  // A factor that a product does not have reads as all ones.
  const without = Int32Array.from(
    { length: 4 * monomials.length },
    (_, at) => ~whole(monomials[at >> 2], at & 3),
  );
  const [a, b] = [first * words, second * words];
  for (let word = 0; word < words; word++) {
    const x0 = x[a + word] as number;
    const z0 = z[a + word] as number;
    const x1 = x[b + word] as number;
    const z1 = z[b + word] as number;
    let flips = 0;
    for (let at = 0; at < without.length; at += 4) {
      const product = (x0 | (without[at] as number)) & (z0 | (without[at + 1] as number));
      flips ^= product & (x1 | (without[at + 2] as number)) & (z1 | (without[at + 3] as number));
    }
    sign[word] = (sign[word] as number) ^ flips;
    x[a + word] = sumOf(masks, 0, x0, z0, x1, z1);
    z[a + word] = sumOf(masks, 4, x0, z0, x1, z1);
    x[b + word] = sumOf(masks, 8, x0, z0, x1, z1);
    z[b + word] = sumOf(masks, 12, x0, z0, x1, z1);
  }
}

function sumOf(masks: Int32Array, at: number, x0: number, z0: number, x1: number, z1: number): number {
  const own = (x0 & (masks[at] as number)) ^ (z0 & (masks[at + 1] as number));
  return own ^ (x1 & (masks[at + 2] as number)) ^ (z1 & (masks[at + 3] as number));
}

/** Gates of three and four qubits, column after column: rare. */
function applyToMany(
  { words, x, z, sign }: Tableau,
  { qubits, outputs, sign: monomials }: CliffordAction,
): void {
  const columns = qubits.flatMap((qubit) => [
    x.subarray(qubit * words, (qubit + 1) * words),
    z.subarray(qubit * words, (qubit + 1) * words),
  ]);
  const before = columns.map((column) => column.slice());
  const chosen = (mask: number) => before.filter((_, index) => (mask >> index) & 1);
  for (const monomial of monomials) {
    const factors = chosen(monomial);
    for (let word = 0; word < words; word++) {
      sign[word] =
        (sign[word] as number) ^ factors.reduce((all, factor) => all & (factor[word] as number), -1);
    }
  }
  for (const [output, column] of columns.entries()) {
    const added = chosen(outputs[output] as number);
    for (let word = 0; word < words; word++) {
      column[word] = added.reduce((sum, other) => sum ^ (other[word] as number), 0);
    }
  }
}
