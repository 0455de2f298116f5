import { hubError } from '@quantum-hub/kernel';
import type { Observable, PauliTerm } from './program.ts';

const TERM =
  /^\s*([+-])?\s*(?:(\d+(?:\.\d*)?(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)\s*\*?\s*)?((?:[XYZI]\d+\s*)*|I\s*)$/i;

/**
 * Reads a sum of Pauli terms: "Z0 Z1", "0.5*X0 - 1.5*Y3 Z4", "I" or a number alone for a constant. Qubits are numbered in the order of
 * their declaration; a qubit stands once in a term. Throws `execution.observable_invalid`.
 */
export function parseObservable(text: string): Observable {
  const refuse = (reason: string) =>
    hubError('execution.observable_invalid', { text: text.slice(0, 200), reason });
  if (text.length > 100_000) throw refuse('it is longer than 100000 characters');
  if (text.trim() === '') throw refuse('it is empty');
  const parts = text.split(/(?<=[^e+\-\s*]\s*)(?=[+-])/i);
  return { text, terms: parts.map((part) => parseTerm(part, refuse)) };
}

function parseTerm(part: string, refuse: (reason: string) => Error): PauliTerm {
  const match = TERM.exec(part);
  const [, sign, number, product = ''] = match ?? [];
  if (!match || (number === undefined && product.trim() === '')) throw refuse(`"${part.trim()}" is no term`);
  const paulis: Record<number, 'X' | 'Y' | 'Z'> = {};
  const seen = new Set<number>();
  for (const [, letter = '', digits = ''] of product.matchAll(/([XYZI])(\d+)/gi)) {
    const qubit = Number(digits);
    if (seen.has(qubit)) throw refuse(`qubit ${qubit} stands twice in "${part.trim()}"`);
    seen.add(qubit);
    const pauli = letter.toUpperCase();
    if (pauli !== 'I') paulis[qubit] = pauli as 'X' | 'Y' | 'Z';
  }
  const coefficient = (sign === '-' ? -1 : 1) * Number(number ?? 1);
  if (!Number.isFinite(coefficient)) throw refuse(`"${part.trim()}" has a coefficient beyond 64-bit numbers`);
  return { coefficient, paulis };
}
