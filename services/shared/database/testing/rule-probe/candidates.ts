/** Values at and around the limits of a rule. What the limits are is read off the declared CHECK; both judges still judge every candidate. */
import fc from 'fast-check';
import { jsonCandidates } from './json-candidates.ts';
import type { Candidate, Candidates, ProbedColumn } from './probe.ts';

const bulky = 5_000;

const values = (items: readonly unknown[]): Candidate[] => items.map((value) => ({ value }));
const random = (arbitrary: fc.Arbitrary<unknown>) => arbitrary.map((value): Candidate => ({ value }));

export function candidatesFor({ type, rule }: ProbedColumn): Candidates {
  const check = rule.check?.('v') ?? '';
  switch (type) {
    case 'text':
      return textCandidates(check);
    case 'text[]':
      return setCandidates(literals(check));
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'double precision':
      return numberCandidates(check, type, rule.zod.safeParse(0n).success);
    case 'boolean':
      return { fixed: values([true, false]), random: random(fc.boolean()) };
    case 'timestamp with time zone':
      return instantCandidates();
    case 'bytea':
      return bytesCandidates(check);
    case 'inet':
      return addressCandidates();
    case 'uuid':
      return uuidCandidates();
    case 'jsonb':
      return jsonCandidates(check);
    default:
      throw new TypeError(`There are no candidates for columns of the type ${type}: write some.`);
  }
}

function literals(check: string): string[] {
  return [...check.matchAll(/'((?:[^']|'')*)'/g)].map(([, text = '']) => text.replaceAll("''", "'"));
}

const oddChars = [
  '\0',
  '\ud800',
  '\udc00x',
  '\n',
  '\r',
  ' ',
  '\u00a0',
  '٣',
  'K',
  'é',
  '😀',
  "'",
  '\\',
  '%',
  '\u2028',
  '\ufeff',
  '{',
  '"',
];

function textCandidates(check: string): Candidates {
  const [, min = '0', max = ''] = /char_length\(v\) (?:between (\d+) and|<=) (\d+)/.exec(check) ?? [];
  if (max === '') return oneOfCandidates(literals(check));
  const pattern = / and v ~ '(.*)'$/.exec(check)?.[1]?.replaceAll("''", "'");
  const lengths = [
    0,
    Number(min) - 1,
    Number(min),
    Number(min) + 1,
    Number(max) - 1,
    Number(max),
    Number(max) + 1,
  ].filter((n) => n >= 0);
  const alphabets = Number(max) > bulky ? ['a', '😀'] : ['a', 'Z', '0', '-', 'é', '😀', '\u0001'];
  const texts = alphabets.flatMap((char) => lengths.map((length) => char.repeat(length)));
  const anyText = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.string({ maxLength: 60 }),
    fc.tuple(fc.string({ maxLength: 5 }), fc.constantFrom(...oddChars)).map(([text, odd]) => text + odd),
  );
  if (pattern === undefined) return { fixed: values([...texts, ...oddChars]), random: random(anyText) };
  const matching = fc.stringMatching(new RegExp(pattern));
  const samples = fc.sample(matching, { numRuns: 20, seed: 1 });
  const grown = samples.flatMap((text) =>
    lengths.map(
      (length) => text.slice(0, length) + (text.at(-1) ?? 'a').repeat(Math.max(0, length - text.length)),
    ),
  );
  const spoilt = fc
    .tuple(matching, fc.nat(), fc.constantFrom(...oddChars, 'A', 'a', '0', '.', '-', '_'))
    .map(([text, place, odd]) => {
      const at = place % (text.length + 1);
      return text.slice(0, at) + odd + text.slice(at);
    });
  const ends = samples.flatMap((text) => [`${text}\n`, `\n${text}`, text.toUpperCase(), text.toLowerCase()]);
  return {
    fixed: values([...texts, ...samples, ...grown, ...ends]),
    random: random(fc.oneof(matching, spoilt, anyText)),
  };
}

function oneOfCandidates(members: readonly string[]): Candidates {
  const near = members.flatMap((text) => [
    text,
    text.toUpperCase(),
    `${text} `,
    ` ${text}`,
    `${text}\n`,
    text.slice(1),
  ]);
  return {
    fixed: values([...near, '', 'null']),
    random: random(fc.string({ unit: 'binary', maxLength: 12 })),
  };
}

function setCandidates(members: readonly string[]): Candidates {
  const all = [...members];
  const fixed = [
    [],
    all,
    all.toReversed(),
    [...all, all[0]],
    ['x'],
    [''],
    [all[0], null],
    [null],
    all.map((item) => item.toUpperCase()),
  ];
  const some = fc.array(fc.constantFrom(...all, 'stranger'), { maxLength: all.length + 1 });
  return { fixed: values(fixed), random: random(some) };
}

function numberCandidates(check: string, type: string, isMoney: boolean): Candidates {
  const limits = [...check.matchAll(/-?\d+(?:\.\d+)?/g)].map(([text]) => text);
  if (isMoney) {
    const ends = [0n, 2n ** 31n, 2n ** 53n, 2n ** 63n].flatMap((n) => [n - 2n, n - 1n, n, n + 1n]);
    return { fixed: values(ends), random: random(fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n })) };
  }
  const ends = [...limits.map(Number), 0, 2 ** 15, 2 ** 31, 2 ** 53].flatMap((n) => [
    n - 1,
    n,
    n + 1,
    n - 0.5,
    n + 0.5,
    -n,
  ]);
  const odd = [
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    -0,
    1e21,
    1e-7,
    5e-324,
    Number.MAX_VALUE,
    0.1,
  ];
  const some =
    type === 'double precision' ? fc.double() : fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.double());
  return { fixed: values([...ends, ...odd]), random: random(some) };
}

function instantCandidates(): Candidates {
  const ends = [
    '1970-01-01T00:00:00.000Z',
    '9999-12-31T23:59:59.999Z',
    '0001-01-01T00:00:00Z',
    '2000-02-29T12:00:00Z',
  ];
  const near = ends.map((text) => new Date(text).getTime()).flatMap((ms) => [ms - 1, ms, ms + 1]);
  const odd = [Number.NaN, 8.64e15, -8.64e15, 2 ** 48];
  const texts = ['infinity', '-infinity', 'epoch', '294276-12-31 23:59:59Z', '4713-01-01 00:00:00Z BC'];
  return {
    fixed: [
      ...values([...near, ...odd].map((ms) => new Date(ms))),
      ...texts.map((text) => ({ value: undefined, text })),
    ],
    random: random(fc.oneof(fc.date(), fc.date({ min: new Date(0), max: new Date('2100-01-01') }))),
  };
}

function bytesCandidates(check: string): Candidates {
  const limits = [...check.matchAll(/\d+/g)].map(([text]) => Number(text));
  const lengths = limits.flatMap((n) => (n > bulky ? [n, n + 1] : [n - 1, n, n + 1])).filter((n) => n >= 0);
  const random8 = fc.uint8Array({ maxLength: 64, size: 'max' });
  return {
    fixed: values(lengths.map((length) => new Uint8Array(length).fill(0xff))),
    random: random(random8),
  };
}

function addressCandidates(): Candidates {
  const fixed = [
    '127.0.0.1',
    '0.0.0.0',
    '255.255.255.255',
    '256.0.0.1',
    '1.2.3',
    '1.2.3.4.5',
    '01.2.3.4',
    '1.2.3.4/32',
    '1.2.3.4/24',
    '1.2.3.4/33',
    ' 1.2.3.4',
    '1.2.3.4 ',
    '1.2.3.4\n',
    '::',
    '::1',
    '2001:db8::1',
    '2001:DB8::1',
    '2001:0db8:0:0:0:0:0:1',
    '::ffff:1.2.3.4',
    '::FFFF:1.2.3.4',
    '::1.2.3.4',
    '64:ff9b::192.0.2.33',
    '::ffff:1.2.3.256',
    '::ffff:102:304',
    '2001:db8::1/128',
    '2001:db8::/32',
    'fe80::1%eth0',
    'fe80::1%25eth0',
    '[::1]',
    '1::2::3',
    ':::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8',
    '1:2:3:4:5:6:7::',
    '::2:3:4:5:6:7:8',
    '1:2:3:4:5:6:7:8:9',
    '12345::',
    '',
    'localhost',
    '0x7f.1',
    '2130706433',
    '1:2:3:4:5:6:1.2.3.4',
    '1::1.2.3.4',
    '1:2:3:4:5:6:7:1.2.3.4',
    '::01.2.3.4',
    '2001:db8:0:0:1:0:0:1',
    'fe80::',
    '::ffff:0:0',
    '\0',
    '1.2.3.4\0',
  ];
  return { fixed: values(fixed), random: random(fc.oneof(fc.ipV4(), fc.ipV6(), fc.ipV4Extended())) };
}

function uuidCandidates(): Candidates {
  const v7 = '01990a0b-1c2d-7e3f-8a4b-5c6d7e8f9a0b';
  const fixed = [
    v7,
    v7.toUpperCase(),
    v7.replaceAll('-', ''),
    `{${v7}}`,
    v7.replace('-7', '-4'),
    v7.replace('-8', '-c'),
    v7.slice(1),
    `${v7}0`,
    ` ${v7}`,
    `${v7}\n`,
    '00000000-0000-0000-0000-000000000000',
    'ffffffff-ffff-ffff-ffff-ffffffffffff',
    '',
    'x',
    v7.replace('a', 'g'),
    '0199-0a0b-1c2d-7e3f-8a4b-5c6d-7e8f-9a0b',
  ];
  return { fixed: values(fixed), random: random(fc.uuid()) };
}
