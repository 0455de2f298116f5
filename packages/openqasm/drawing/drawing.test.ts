import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { compiled, HEAD } from '../program/test-compile.ts';
import { type CircuitOptions, circuit } from './build-circuit.ts';
import { describe, drawSvg } from './draw-svg.ts';
import { drawText } from './draw-text.ts';
import { angleLabel, shorten } from './labels.ts';
import { toAscii } from './text-style.ts';

function drawn(body: string, options: CircuitOptions = {}) {
  const { unit, textOf } = compiled(HEAD + body);
  return circuit(unit, textOf, options);
}

const lines = (...rows: string[]) => `${rows.join('\n')}\n`;

test('a Bell pair', () => {
  assert.equal(
    drawText(drawn('qubit[2] q; bit[2] c; h q[0]; cx q[0], q[1]; c = measure q;')),
    lines(
      '        ┌───┐         ┌───┐',
      'q[0]: ──┤ H ├────●────┤ M ├────────',
      '        └───┘    │    └─┬─┘',
      '               ┌─┴─┐    ║    ┌───┐',
      'q[1]: ─────────┤ X ├────╫────┤ M ├─',
      '               └───┘    ║    └─┬─┘',
      '                        ║      ║',
      'c[2]: ══════════════════╩══════╩═══',
      '                        0      1',
    ),
  );
});

test('conditions and loops are frames with their text; what a run decides is said in words', () => {
  assert.equal(
    drawText(drawn('qubit[2] q; bit c; if (c == 1) { x q[0]; } for int i in [0:1] { h q[i]; }'), {
      ascii: true,
    }),
    lines(
      '       .- if c == 1 ---..- for i in [0:1] ---.',
      '       |     +---+     ||     +--------+     |',
      'q[0]: -|-----| X |-----||-----|        |-----|',
      '       |     +---+     ||     | h q[i] |     |',
      '       |               ||     |        |     |',
      'q[1]: -|---------------||-----|        |-----|',
      '       |               ||     +--------+     |',
      '       |               ||                    |',
      '   c: =|===============||====================|',
      '       |               ||                    |',
      "       '---------------''--------------------'",
    ),
  );
});

test('modifiers, swaps, gates of the program, barriers and resets', () => {
  const found =
    drawn(`gate mine(a) x, y { rx(a) x; cx x, y; } qubit[3] q; mine(pi / 2) q[2], q[0]; negctrl @ swap q[0], q[1], q[2];
    inv @ s q[0]; pow(2) @ h q[1]; barrier q; reset q[0]; ctrl @ gphase(pi / 4) q[1];`);
  assert.deepEqual(
    found.columns.flat().map((element) => ('label' in element ? element.label : element.kind)),
    ['mine(π/2)', 'swap', 'S†', 'H^2', 'barrier', 'reset', 'P(π/4)'],
  );
  assert.deepEqual(found.columns[1]?.[0], {
    kind: 'swap',
    targets: [1, 2],
    controls: [{ wire: 0, on: false }],
  });
});

test('lines stay within the width, and the strips hold every column', () => {
  const circuit = drawn(
    `qubit[2] q; bit[2] c; ${'h q[0]; cx q[0], q[1]; rx(0.5) q[1]; '.repeat(12)} c = measure q;`,
  );
  for (const width of [40, 60, 100]) {
    const text = drawText(circuit, { width });
    assert.ok(
      text.split('\n').every((line) => [...line].length <= width),
      String(width),
    );
    assert.equal(text.match(/┤ H ├/g)?.length, 12);
    assert.equal(text.match(/┤ M ├/g)?.length, 2);
  }
});

test('what is too large is cut, and said', () => {
  const long = drawn(`qubit q; ${'h q; '.repeat(500)}`, { mostColumns: 10 });
  assert.deepEqual([long.columns.length, long.omitted.columns], [10, true]);
  assert.match(drawText(long), /…/);
  const wide = drawn('qubit[9999] q; bit[9999] c; h q; c = measure q; if (c[0]) { x q[9000]; }', {
    mostQubits: 3,
  });
  assert.deepEqual([wide.wires.length, wide.omitted.qubits], [4, 9996]);
  assert.match(drawText(wide), /… 9996 more qubits/);
  assert.match(describe(wide), /^9999 qubits, 1 classical register/);
});

test('the SVG stands alone: title, description, both colour schemes, nothing from elsewhere, no script', () => {
  const svg = drawSvg(drawn('qubit[2] q; bit c; h q[0]; c = measure q[0]; if (c) { x q[1]; }'), {
    title: 'A <b> & "c"',
  });
  assert.match(svg, /<title id="qc-title">A &lt;b&gt; &amp; &quot;c&quot;<\/title>/);
  assert.match(
    svg,
    /<desc id="qc-desc">2 qubits, 1 classical register, 2 gates, 1 measurement\. Blocks: if c\.<\/desc>/,
  );
  assert.match(svg, /prefers-color-scheme:dark/);
  assert.doesNotMatch(svg, /<script|href|url\(|@import|on\w+=/);
});

test('names of any letters are escaped in SVG and drawn in text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (title) => {
      const svg = drawSvg(drawn('qubit ψ; h ψ;'), { title });
      const inside = /<title id="qc-title">([\s\S]*?)<\/title>/.exec(svg)?.[1] ?? '';
      assert.doesNotMatch(inside.replace(/&(amp|lt|gt|quot|#39);/g, ''), /[&<>"']/);
    }),
    { numRuns: 100 },
  );
  assert.match(drawText(drawn('qubit ψ; h ψ;')), /ψ: ──┤ H ├/);
  assert.match(drawText(drawn('qubit ψ; h ψ;'), { ascii: true }), /^[\x20-\x7e\n]*$/);
});

test('angles as people write them', () => {
  const angles = [0, Math.PI, -Math.PI / 2, (3 * Math.PI) / 4, 0.3, 1e-20, 123456.789];
  assert.deepEqual(angles.map(angleLabel), ['0', 'π', '-π/2', '3π/4', '0.3', '1e-20', '123500']);
  assert.equal(shorten('a  b\n c', 5), 'a b c');
  assert.equal(shorten('abcdef', 4), 'abc…');
  assert.equal(toAscii('π†日'), 'pi^-1?');
});
