/** Guarantee: a migration's header is read as it stands, and every fault in it is told at once, never overlooked. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isHubError } from '@quantum-hub/kernel';
import { type Hazard, hazardNames } from './hazards.ts';
import { formatDownHeader, formatUpHeader, readDownHeader, readUpHeader, type UpHeader } from './header.ts';

const whole: UpHeader = {
  description: 'Renames the column: phone.',
  hazards: ['rename', 'data-change'],
  reversible: 'loses data',
  breaking: 'read `telephone` instead of `phone`',
  transaction: 'one',
};
const plain: UpHeader = {
  ...whole,
  hazards: [],
  reversible: 'yes',
  breaking: undefined,
  transaction: 'none',
};

function faultsOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    assert.ok(isHubError(error, 'database.migration_header_invalid'), String(error));
    return error.message;
  }
  return assert.fail('the header was taken');
}

describe('the header of an up file', () => {
  for (const header of [whole, plain]) {
    it(`is read as it was written: ${header.reversible}`, () => {
      const text = `${formatUpHeader(header)}-- Written by hand: the differ knows no grants.\n\nselect 1;\n`;
      assert.deepEqual(readUpHeader('a.up.sql', text), header);
      assert.deepEqual(readUpHeader('a.up.sql', text.replaceAll('\n', '\r\n')), header);
    });
  }

  it('takes every hazard that there is', () => {
    const all: readonly Hazard[] = hazardNames;
    assert.deepEqual(readUpHeader('a', formatUpHeader({ ...whole, hazards: all })).hazards, all);
  });

  it('tells every fault at once, with what was expected', () => {
    const text = [
      '-- Description: Twice.',
      '-- Description: Twice.',
      '-- Hazards: drop-tabel, cascade',
      '-- Reversible: perhaps',
      '-- Breaking: yes',
      '-- Transactions: one',
      'select 1;',
    ].join('\n');
    const faults = faultsOf(() => readUpHeader('versions/a.up.sql', text));
    for (const part of [
      'versions/a.up.sql',
      'Description stands twice',
      '"drop-tabel" is no hazard',
      'drop-table',
      'Reversible is "perhaps"; expected yes or loses data or no',
      'Breaking is "yes"',
      'Transactions is no key',
      'Transaction is missing',
    ]) {
      assert.ok(faults.includes(part), `${part} in: ${faults}`);
    }
  });

  it('is not overlooked below a remark, and not taken from the SQL', () => {
    const below = formatUpHeader(whole).replace('-- Transaction', '-- A remark.\n-- Transaction');
    assert.match(
      faultsOf(() => readUpHeader('a', below)),
      /Transaction stands below a remark/,
    );
    assert.match(
      faultsOf(() => readUpHeader('a', `select 1;\n${formatUpHeader(whole)}`)),
      /Description is missing/,
    );
    assert.match(
      faultsOf(() => readUpHeader('a', '')),
      /Hazards is missing/,
    );
  });
});

describe('the header of a down file', () => {
  it('needs a description only', () => {
    for (const transaction of ['one', 'none'] as const) {
      const header = { description: 'Takes it back.', transaction };
      assert.deepEqual(readDownHeader('a', `${formatDownHeader(header)}\nselect 1;`), header);
    }
    assert.match(
      faultsOf(() => readDownHeader('a', 'select 1;')),
      /Description is missing/,
    );
    assert.match(
      faultsOf(() => readDownHeader('a', '-- Description: x\n-- Hazards: none\n')),
      /no key/,
    );
  });
});
