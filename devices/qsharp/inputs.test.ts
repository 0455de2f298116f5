/** Guarantee: values reach the parameters of a Q# entry point exactly as they were given, or are refused at the parameter. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { qsharpDevice, qsharpInputs } from './index.ts';

const device = qsharpDevice();
const ask = (source: string, inputs?: object) => ({
  kind: 'counts' as const,
  program: { language: 'qsharp' as const, source },
  shots: 1,
  seed: 1,
  ...(inputs && { inputs: inputs as Record<string, unknown> }),
});

/** One parameter `x`, and an entry point that says whether it is what it should be: the result One. */
const isEqual = async (type: string, expression: string, value: unknown) => {
  const source = `operation Main(x : ${type}) : Result { use q = Qubit(); if ${expression} { X(q); } return MResetZ(q); }`;
  const answer = await device.run(ask(source, { x: value }));
  assert.ok(answer.ok && answer.result.kind === 'counts', JSON.stringify(answer));
  return answer.result.counts['1'] === 1;
};

describe('inputs of Q#', () => {
  for (const [type, expression, value] of [
    ['Int', 'x == -9223372036854775807 - 1', '-9223372036854775808'],
    ['Int', 'x == 9007199254740991', 9007199254740991],
    ['BigInt', 'x == 2L^100', (2n ** 100n).toString()],
    ['Double', 'x == 0.1', 0.1],
    ['Double', 'x == 3.0', 3],
    ['Double', 'x == 1.0e-300', 1e-300],
    ['Double', 'x == -2.5e21', -2.5e21],
    ['Bool', 'x', true],
    ['String', 'x == "a\\\\b\\"{c} é\\n"', 'a\\b"{c} é\n'],
    ['Pauli', 'x == PauliY', 'PauliY'],
    ['Result', 'x == One', 'One'],
    ['Int[][]', 'Length(x) == 2 and x[0] == [1, 2] and x[1] == []', [[1, 2], []]],
    ['(Int, Bool)', 'Fst(x) == 4 and Snd(x)', [4, true]],
  ] as const) {
    it(`${type} ${JSON.stringify(value)}`, async () => assert.ok(await isEqual(type, expression, value)));
  }

  it('are described by a schema, also in namespaces, nested patterns and behind other alphabets', async () => {
    const source =
      '// é😀\nnamespace Foo.Bar { @EntryPoint() operation Go(é : Int, (b : Double, c : (Bool, Pauli[]))) : Result { use q = Qubit(); if é == 1 and b == 0.5 { X(q); } return MResetZ(q); } }';
    const read = await qsharpInputs(source);
    assert.ok(read.ok);
    assert.deepEqual(read.inputs.required, ['é', 'b', 'c']);
    const answer = await device.run(ask(source, { é: 1, b: 0.5, c: [true, ['PauliX']] }));
    assert.ok(answer.ok && answer.result.kind === 'counts');
    assert.deepEqual(answer.result.counts, { 1: 1 });
  });

  it('that are wrong are all told at once, each at its parameter', async () => {
    const source =
      'operation Main(\n  a : Int,\n  b : Bool[],\n  c : Double\n) : Result {\n  use q = Qubit(); return M(q);\n}';
    const errors = await device.validate(ask(source, { a: 1.5, b: [true, 1], d: 2 }));
    assert.deepEqual(
      errors.map(({ line, column, code }) => [line, column, code]),
      [
        [1, 1, 'input'],
        [2, 3, 'input'],
        [3, 3, 'input'],
        [4, 3, 'input'],
      ],
    );
    const missing = await device.validate(ask(source));
    assert.equal(missing.length, 3);
  });

  it('are told up to a number, however many were given', async () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`n${index}`, index]));
    const errors = await device.validate(ask('operation Main(a : Int) : Int { return a; }', many));
    assert.equal(errors.length, 52);
    assert.match(errors[50]?.message ?? '', /9950 more inputs/);
    assert.match(errors[51]?.message ?? '', /"a" is missing/);
  });

  it('cannot be values of types that have none to write, and no text breaks out of its quotes', async () => {
    const source = 'operation Main(f : Int -> Int, q : Range) : Result { use a = Qubit(); return M(a); }';
    const errors = await device.validate(ask(source, { f: 1, q: 2 }));
    assert.deepEqual(
      errors.map(({ message }) => /no value can be given/.test(message)),
      [true, true],
    );
    const attack = '"); Message("out';
    assert.ok(await isEqual('String', 'x != ""', attack));
    const plain = 'operation Main() : Result { use a = Qubit(); return M(a); }';
    assert.equal((await device.validate(ask(plain, { x: 1 })))[0]?.code, 'input');
  });
});
