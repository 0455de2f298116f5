/** Guarantee: the bar says how far work is and how long it will take, reckoned from where the phase began, and leaves no trace. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barText, ProgressBar, withProgress } from './progress.ts';

const step = (done: number, total: number, next = '') => ({ done, total, next });

test('share, count, time left and what comes next, no wider than the terminal', () => {
  assert.equal(barText(step(0, 8), step(0, 8, 'first'), 0, 80), `[${'-'.repeat(24)}]    0%  0/8  first`);
  assert.equal(
    barText(step(0, 8), step(2, 8, 'third'), 20_000, 80),
    `[${'#'.repeat(6)}${'-'.repeat(18)}]   25%  2/8  1 min left  third`,
  );
  assert.equal(barText(step(0, 8), step(2, 8, 'third'), 20_000, 30).length, 30);
  // Resumed at 90 of 100: one took a second, so nine take nine.
  assert.match(barText(step(90, 100), step(91, 100), 1000, 80), / 91% {2}91\/100 {2}9 s left$/);
});

function terminal() {
  const written: string[] = [];
  let now = 0;
  const stream = { columns: 60, write: (text: string) => written.push(text) > 0 };
  const bar = new ProgressBar(stream as never, () => now);
  return { written, bar, pass: (ms: number) => (now += ms) };
}

test('a line goes above the bar; a new phase is reckoned anew; the end wipes it', () => {
  const { written, bar, pass } = terminal();
  bar.step(step(0, 2, 'a'));
  bar.line('hello');
  assert.deepEqual(written.slice(-2), ['\r\x1b[Khello\n', `\r[${'-'.repeat(24)}]    0%  0/2  a\x1b[K`]);
  pass(4000);
  bar.step(step(1, 2, 'b'));
  assert.match(written.at(-1) ?? '', /50% {2}1\/2 {2}4 s left {2}b/);
  bar.step(step(2, 2));
  assert.equal(written.at(-1), '\r\x1b[K');
  bar.step(step(0, 3, 'c'));
  pass(1000);
  bar.step(step(1, 3, 'd'));
  assert.match(written.at(-1) ?? '', /1\/3 {2}2 s left {2}d/);
  bar[Symbol.dispose]();
  assert.equal(written.at(-1), '\r\x1b[K');
  const { length } = written;
  bar.step(step(2, 3, 'late'));
  bar.line('late');
  assert.equal(written.length, length, 'work that goes on after an interruption writes nothing more');
});

test('beside JSON nothing is told', async () => {
  const { stderr } = process;
  const write = stderr.write;
  const written: unknown[] = [];
  stderr.write = ((text: unknown) => written.push(text) > 0) as typeof write;
  try {
    await withProgress({ json: true }, async ({ line, step: tell }) => {
      line('x');
      tell(step(1, 2), 'y');
    });
    assert.deepEqual(written, []);
    await withProgress({}, async ({ line, step: tell }) => {
      line('x');
      tell(step(1, 2));
      tell(step(1, 2), 'y');
    });
  } finally {
    stderr.write = write;
  }
  assert.deepEqual(written, ['x\n', 'y\n'], 'on a pipe: the lines');
});
