/** Guarantee: a missed turn is made up at once, no two run together, alarms are told once, and a stop waits for the work. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BackupTurn, Judgement } from '@quantum-hub/database/admin';
import { keepBackupSchedule } from './backup-schedule.ts';

const settled = () => new Promise<void>((done) => setImmediate(done));
const well: Judgement = { name: 'verified backup', ok: true, text: 'young' };
const old: Judgement = { name: 'verified backup', ok: false, text: 'old' };
const start = Date.parse('2026-11-22T00:30:00Z');

test('a turn at the start, one at each time, and alarms when they begin and end', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: start });
  const lines: string[] = [];
  const judgements = [old, old, well, well];
  let turns = 0;
  await using _schedule = keepBackupSchedule({
    schedule: '0 2 * * *',
    turn: async () => {
      turns += 1;
      return turns === 1 ? { outcome: 'made', name: 'first', removed: [] } : { outcome: 'not due' };
    },
    look: async () => ({ judgements: [judgements.shift() ?? well] }),
    log: (line, level) => lines.push(level ? `${level}: ${line}` : line),
  });
  await settled();
  assert.equal(turns, 1, 'made up at the start');
  for (let minute = 0; minute < 95; minute += 1) {
    t.mock.timers.tick(60_000);
    await settled();
  }
  assert.equal(turns, 2, 'at two');
  assert.deepEqual(lines, [
    'Made and verified the backup first.',
    'error: ALARM, backups, verified backup: old',
    'Backups, verified backup, is well again: young',
  ]);
});

test('a turn that fails is logged, and the look comes all the same', async () => {
  const lines: string[] = [];
  const { promise: looked, resolve } = Promise.withResolvers<void>();
  await using _schedule = keepBackupSchedule({
    schedule: '0 2 * * *',
    turn: async () => Promise.reject(new Error('no server')),
    look: async () => {
      resolve();
      return { judgements: [well] };
    },
    log: (line, level) => lines.push(level ? `${level}: ${line}` : line),
  });
  await looked;
  assert.deepEqual(lines, ['error: The backup by schedule failed, tried again at its next turn: no server']);
});

test('disposing interrupts the turn under way, waits for it, and begins nothing more', async () => {
  const { promise: ended, resolve: end } = Promise.withResolvers<BackupTurn>();
  const { promise: begun, resolve: begin } = Promise.withResolvers<AbortSignal>();
  let looks = 0;
  const schedule = keepBackupSchedule({
    schedule: '0 2 * * *',
    turn: (signal) => {
      begin(signal);
      return ended;
    },
    look: async () => {
      looks += 1;
      return { judgements: [] };
    },
    log: () => {},
  });
  const signal = await begun;
  let disposed = false;
  const disposal = schedule[Symbol.asyncDispose]().then(() => {
    disposed = true;
  });
  await settled();
  assert.deepEqual([signal.aborted, disposed], [true, false]);
  end({ outcome: 'not due' });
  await disposal;
  assert.equal(looks, 0);
});

test('without a schedule it only looks', async () => {
  const { promise: looked, resolve } = Promise.withResolvers<void>();
  let turns = 0;
  await using _schedule = keepBackupSchedule({
    schedule: undefined,
    turn: async () => {
      turns += 1;
      return { outcome: 'not due' };
    },
    look: async () => {
      resolve();
      return { judgements: [] };
    },
    log: () => {},
  });
  await looked;
  assert.equal(turns, 0);
});
