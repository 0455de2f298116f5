/** What a migration says about itself: `-- Key: value` lines at the top of its files, one key a line. */
import { hubError } from '@quantum-hub/kernel';
import { type Hazard, hazardNames } from './hazards.ts';

type TransactionMode = 'one' | 'none';

export type UpHeader = {
  readonly description: string;
  /** What it may hurt, allowed by name when the migration was made. */
  readonly hazards: readonly Hazard[];
  readonly reversible: 'yes' | 'loses data' | 'no';
  /** What callers must do; undefined when the migration breaks nothing. */
  readonly breaking: string | undefined;
  /** `none`: exactly one statement, which cannot run in a transaction. */
  readonly transaction: TransactionMode;
};

export type DownHeader = { readonly description: string; readonly transaction: TransactionMode };

const upKeys = ['Description', 'Hazards', 'Reversible', 'Breaking', 'Transaction'];
const downKeys = ['Description', 'Transaction'];

/** Reads the header of an up file. Throws `database.migration_header_invalid` with all faults at once. */
export function readUpHeader(file: string, text: string): UpHeader {
  const { values, faults } = readLines(text, upKeys);
  for (const key of upKeys) if (!values.has(key)) faults.push(`${key} is missing`);
  const value = (key: string) => values.get(key) ?? '';
  const header: UpHeader = {
    description: value('Description'),
    hazards: hazardsOf(value('Hazards'), faults),
    reversible: oneOf('Reversible', value('Reversible'), ['yes', 'loses data', 'no'], faults),
    breaking: breakingOf(value('Breaking'), faults),
    transaction: oneOf('Transaction', value('Transaction'), ['one', 'none'], faults),
  };
  refuseFaults(file, faults);
  return header;
}

/** Reads the header of a down file, where `Transaction` may be left out. */
export function readDownHeader(file: string, text: string): DownHeader {
  const { values, faults } = readLines(text, downKeys);
  if (!values.has('Description')) faults.push('Description is missing');
  const transaction = oneOf('Transaction', values.get('Transaction') ?? 'one', ['one', 'none'], faults);
  refuseFaults(file, faults);
  return { description: values.get('Description') ?? '', transaction };
}

/** The lines of an up file's header, to be followed by an empty line. */
export function formatUpHeader(header: UpHeader): string {
  const { description, hazards, reversible, breaking, transaction } = header;
  return [
    `-- Description: ${description}`,
    `-- Hazards: ${hazards.length ? hazards.join(', ') : 'none'}`,
    `-- Reversible: ${reversible}`,
    `-- Breaking: ${breaking === undefined ? 'no' : `yes: ${breaking}`}`,
    `-- Transaction: ${transaction}\n`,
  ].join('\n');
}

export function formatDownHeader({ description, transaction }: DownHeader): string {
  return `-- Description: ${description}\n${transaction === 'none' ? '-- Transaction: none\n' : ''}`;
}

/**
 * The header ends at the first line of another form: remarks may follow. A key further down in that comment would be
 * overlooked, so it is refused; so is a key that is not known, which may be one misspelt.
 */
function readLines(
  text: string,
  known: readonly string[],
): { values: Map<string, string>; faults: string[] } {
  const values = new Map<string, string>();
  const faults: string[] = [];
  let inHeader = true;
  for (const line of text.split(/\r?\n/)) {
    if (!line.startsWith('--')) break;
    const found = /^--\s*(?<key>[A-Z][A-Za-z]*):(?<value>.*)$/.exec(line)?.groups;
    if (!found) inHeader = false;
    else if (inHeader || known.includes(found.key ?? '')) {
      faults.push(...keep(values, found.key ?? '', (found.value ?? '').trim(), known));
      if (!inHeader) faults.push(`${found.key} stands below a remark; move it to the other keys at the top`);
    }
  }
  return { values, faults };
}

function keep(values: Map<string, string>, key: string, value: string, known: readonly string[]): string[] {
  const faults: string[] = [];
  if (!known.includes(key)) faults.push(`${key} is no key; expected ${known.join(', ')}`);
  if (values.has(key)) faults.push(`${key} stands twice`);
  if (value === '') faults.push(`${key} has no value`);
  values.set(key, value);
  return faults;
}

function hazardsOf(value: string, faults: string[]): Hazard[] {
  if (value === '' || value === 'none') return [];
  const named = value.split(',').map((name) => name.trim());
  for (const name of named) {
    if (!hazardNames.includes(name as Hazard)) {
      faults.push(`"${name}" is no hazard; expected none, or some of ${hazardNames.join(', ')}`);
    }
  }
  return named as Hazard[];
}

function breakingOf(value: string, faults: string[]): string | undefined {
  if (value === '' || value === 'no') return undefined;
  const what = /^yes:\s*(?<what>\S.*)$/.exec(value)?.groups?.what;
  if (what === undefined) {
    faults.push(`Breaking is "${value}"; expected "no", or "yes: " with what callers must do`);
  }
  return what;
}

function oneOf<Value extends string>(
  key: string,
  value: string,
  expected: readonly Value[],
  faults: string[],
): Value {
  if (value !== '' && !expected.includes(value as Value)) {
    faults.push(`${key} is "${value}"; expected ${expected.join(' or ')}`);
  }
  return value as Value;
}

function refuseFaults(file: string, faults: readonly string[]): void {
  if (faults.length > 0) {
    throw hubError('database.migration_header_invalid', { file, faults: faults.join('; ') });
  }
}
