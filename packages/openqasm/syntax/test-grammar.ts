import fc from 'fast-check';

const NAME = fc.constantFrom('a', 'q', 'my_value', 'θ', 'π', 'Ünï', '_x1', 'x', 'foo', 'sizeof', 'U');
const LITERAL = fc.oneof(
  fc.bigInt({ min: 0n, max: 1n << 70n }).map(String),
  fc.constantFrom('0x_ff'.replace('_', ''), '0XAb', '0b1_0', '0B11', '0o17', '1_000', '007'),
  fc.constantFrom('1.5', '.5', '2.', '1e3', '1.5E-3', '1_0.2_5e+1', '0.0'),
  fc.constantFrom('2im', '1.5 im', '3e2im', '100ns', '2.5 us', '3µs', '10dt', '1s', '4 ms'),
  fc.constantFrom('true', 'false', '"0101"', '"1_1"', '$0', '$12'),
);
const TYPE = fc.constantFrom(
  'bit',
  'bit[4]',
  'bool',
  'int',
  'int[8]',
  'uint[2 * n]',
  'float',
  'float[64]',
  'angle[20]',
  'complex',
  'complex[float[32]]',
  'duration',
);
const ARRAY = fc.constantFrom('array[int[8], 2, 3]', 'array[float, n]', 'array[bit[2], 4,]');
const BINARY = fc.constantFrom(...'|| && | ^ & == != < <= > >= << >> + - * / % **'.split(' '));
const ASSIGN = fc.constantFrom(...'= += -= *= /= &= |= ~= ^= <<= >>= %= **='.split(' '));

type Tied = { readonly expression: string; readonly statement: string; readonly block: string };

/** Expressions, statements and blocks of OpenQASM 3's whole grammar: text that `parse` takes, whether it has a meaning or not. */
const GRAMMAR = fc.letrec<Tied>((tie) => {
  const e = tie('expression');
  const index = fc.oneof(
    e,
    fc.tuple(e, e).map(([a, b]) => `${a}:${b}`),
    fc.constantFrom(':', '1:', ':-1', '0:2:7', '::2', '0, 1', '{0, 2}', '{1,}', '0:1, 2,'),
  );
  const operand = fc.oneof(
    NAME,
    fc.constant('$3'),
    fc.tuple(NAME, index).map(([n, i]) => `${n}[${i}]`),
  );
  const operands = fc.array(operand, { minLength: 1, maxLength: 3 }).map((list) => list.join(','));
  const value = fc.oneof(
    e,
    operand.map((text) => `measure ${text}`),
  );
  const block = tie('block');
  const body = fc.oneof(block, fc.constant('x q;'), fc.constant('a = 1;'));
  return {
    expression: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      NAME,
      LITERAL,
      fc.tuple(e, BINARY, e).map(([a, op, b]) => `${a} ${op} ${b}`),
      fc.tuple(e, BINARY, e).map(([a, op, b]) => `${a}${op}(${b})`),
      fc.tuple(fc.constantFrom('-', '!', '~'), e).map(([op, a]) => `${op}${a}`),
      fc.tuple(NAME, index).map(([n, i]) => `${n}[${i}]`),
      fc.tuple(NAME, fc.array(e, { maxLength: 2 })).map(([n, list]) => `${n}(${list.join(', ')})`),
      fc.tuple(fc.oneof(TYPE, ARRAY), e).map(([type, a]) => `${type}(${a})`),
      fc.constant('durationof({ x $0; delay[1ns] $1; })'),
    ),
    block: fc.oneof(
      { maxDepth: 3 },
      fc.constant('{ }'),
      fc.array(tie('statement'), { maxLength: 3 }).map((list) => `{ ${list.join('\n')} }`),
    ),
    statement: fc.oneof(
      { maxDepth: 3 },
      fc.tuple(TYPE, NAME, value).map(([t, n, v]) => `${t} ${n} = ${v};`),
      fc.tuple(ARRAY, NAME).map(([t, n]) => `${t} ${n} = {{1, 2}, {a ++ b, -3},};`),
      fc.tuple(TYPE, NAME, e).map(([t, n, v]) => `const ${t} ${n} = ${v};`),
      fc.tuple(fc.constantFrom('input', 'output'), TYPE, NAME).map((list) => `${list.join(' ')};`),
      fc.tuple(fc.constantFrom('qubit', 'qubit[3]'), NAME).map((list) => `${list.join(' ')};`),
      fc.constantFrom('qreg r[2];', 'qreg r;', 'creg c[3];', 'stretch g;', 'let al = q[0:1] ++ r ++ $2;'),
      fc.tuple(NAME, index, ASSIGN, value).map(([n, i, op, v]) => `${n}[${i}] ${op} ${v};`),
      fc
        .tuple(NAME, fc.array(e, { minLength: 1, maxLength: 3 }), operands)
        .map(([n, p, q]) => `${n}(${p}) ${q};`),
      fc.tuple(NAME, operands).map(([n, q]) => `ctrl(2) @ negctrl @ inv @ pow(1/2) @ ${n} ${q};`),
      fc.constantFrom('gphase(π/2);', 'ctrl @ gphase(1) q;', 'x[100ns] q;', 'rx(1)[2dt] $0;', 'f(1)[2] + 3;'),
      fc.tuple(operand, operand).map(([a, b]) => `measure ${a} -> ${b};`),
      fc
        .tuple(fc.constantFrom('measure', 'reset', 'barrier', 'nop', 'delay[a]'), operand)
        .map((list) => `${list.join(' ')};`),
      fc.constantFrom('barrier;', 'nop;', 'end;', 'break;', 'continue;', 'return;', 'delay[2 * a];'),
      e.map((text) => `(${text});`),
      e.map((text) => `return ${text};`),
      fc.tuple(e, body).map(([c, b]) => `if (${c}) ${b}`),
      fc.tuple(e, body, body).map(([c, a, b]) => `if (${c}) ${a} else ${b}`),
      fc.tuple(e, body, e, body).map(([c, a, d, b]) => `if (${c}) ${a} else if (${d}) ${b}`),
      fc.tuple(e, body).map(([c, b]) => `while (${c}) ${b}`),
      fc
        .tuple(fc.constantFrom('[0:2]', '[a:-1:b]', '{1, 2}', 'values', '"01"'), body)
        .map(([o, b]) => `for int i in ${o} ${b}`),
      fc
        .tuple(e, block, block)
        .map(([s, a, b]) => `switch (${s}) { case 1, 2 ${a} case 0x3 {} default ${b} }`),
      block,
      fc
        .tuple(fc.constantFrom('box', 'box[1us]', 'gate g(a, b) q, r', 'gate g q', 'gate g() q,'), block)
        .map((list) => list.join(' ')),
      fc
        .tuple(
          fc.constantFrom(
            '(int[8] a, qubit[2] q,)',
            '(readonly array[int, 2] m, mutable array[bit, #dim = 2] n)',
            '(creg c[2], qreg q)',
          ),
          fc.constantFrom('', '-> bit[2]'),
          block,
        )
        .map(([p, r, b]) => `def f${p} ${r} ${b}`),
      fc.constantFrom('extern f(int, readonly array[int, #dim=1], creg[2]) -> float;', 'extern g();'),
      fc.constantFrom(
        'cal { play(d, {1}) }',
        'defcal x(angle[20] t) $0 -> bit { a {b} }',
        'defcalgrammar "openpulse";',
        'defcal measure $0 {}',
      ),
      fc.constantFrom('pragma some text ;\n', '#pragma other\n', '@note\nx q;', '@a.b c d\n@e\nint i;'),
    ),
  };
});

/** Programs of OpenQASM 3 that follow the grammar, of all its constructs; most of them mean nothing. */
export const syntaxPrograms: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(
      'OPENQASM 3.0;\n',
      'OPENQASM 3.1;\n',
      'OPENQASM 3;',
      'OPENQASM 3.0;\ninclude "stdgates.inc";\n',
    ),
    fc.array(GRAMMAR.statement, { maxLength: 8 }),
    fc.constantFrom('\n', '\n\n', ' \r\n', '\n// note\n', ' /* note */\n\n\n'),
  )
  .map(([head, statements, gap]) => head + statements.join(gap));
