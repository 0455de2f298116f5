import type { ResultDocument } from './result-document.ts';

/** Pieces of this many characters: large enough to write well, small enough that a document never stands in one text. */
const PIECE = 65_536;

/**
 * A result as JSON, piece by piece: a million outcomes make a text of tens of megabytes, and V8 holds none of over 512. The members that
 * grow with the shots are walked, the others are small.
 */
export function* resultText(document: ResultDocument): Generator<string> {
  let piece = '';
  let separator = '{';
  for (const [name, value] of Object.entries(document)) {
    if (value === undefined) continue;
    piece += `${separator}${JSON.stringify(name)}:`;
    separator = ',';
    for (const part of memberText(name, value)) {
      piece += part;
      if (piece.length < PIECE) continue;
      yield piece;
      piece = '';
    }
  }
  yield `${piece}}`;
}

function* memberText(name: string, value: unknown): Generator<string> {
  if (name === 'memory' && Array.isArray(value)) {
    let separator = '[';
    for (const item of value) {
      yield `${separator}${JSON.stringify(item)}`;
      separator = ',';
    }
    yield value.length === 0 ? '[]' : ']';
  } else if (name === 'counts') {
    const entries = Object.entries(value as object);
    let separator = '{';
    for (const [outcome, count] of entries) {
      yield `${separator}${JSON.stringify(outcome)}:${count}`;
      separator = ',';
    }
    yield entries.length === 0 ? '{}' : '}';
  } else yield JSON.stringify(value);
}
