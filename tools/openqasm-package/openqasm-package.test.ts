/** Guarantee: who installs the packed package has all of it: in Node 20 and later, in browsers, with its types, and as its README says. */
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { createContext, runInContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { root } from '../rooms.ts';
import { findProgram, type Install, install, majorOf, unless } from './test-install.ts';

const readme = readFileSync(join(root, 'packages/openqasm/README.md'), 'utf8');
const oldest = 20;
const node20 = findProgram(['node'], (path) => majorOf(path) === oldest);
const chromium = findProgram(['chromium', 'chromium-browser', 'google-chrome']);

let installed: Install;
before(async () => {
  installed = await install();
});
after(() => installed[Symbol.asyncDispose]());

/** Programs of the README, each with what it prints. */
const examples = Array.from(
  readme.matchAll(/```js\n([\s\S]*?)```\n\n```text\n([\s\S]*?)```/g),
  ([, program = '', output = '']) => ({ program, output: output.trim() }),
);

function assertExamples(node: string): void {
  assert.ok(examples.length >= 7, `${examples.length} examples`);
  // One process for all: what each prints stands between lines of its own.
  const program = examples.map(({ program: text }) => {
    const [, names, rest] =
      /^import \{ ([^}]+) \} from '@quantum-hub\/openqasm';\n([\s\S]*)$/.exec(text) ?? [];
    assert.ok(names, `an example begins with its import:\n${text}`);
    return `{ const { ${names} } = whole;\n${rest}\nconsole.log('=====');\n}`;
  });
  const printed = installed.run(
    `import * as whole from '@quantum-hub/openqasm';\n${program.join('\n')}`,
    node,
  );
  assert.deepEqual(
    printed.split('=====\n').map((text) => text.trim()),
    [...examples.map(({ output }) => output), ''],
  );
}

test('the tarball holds JavaScript, declarations, the README and nothing else', () => {
  const names = execFileSync('tar', ['-tzf', installed.tarball], { encoding: 'utf8' }).trim().split('\n');
  const others = names.filter((name) => !/^package\/dist\/[\w/-]+(\.js|\.d\.ts)$/.test(name));
  assert.deepEqual(others.sort(), ['package/README.md', 'package/package.json']);
  assert.deepEqual(
    names.filter((name) => /test/.test(name)),
    [],
  );
  const manifest = JSON.parse(
    readFileSync(join(installed.folder, 'node_modules/@quantum-hub/openqasm/package.json'), 'utf8'),
  );
  assert.deepEqual([manifest.private, manifest.dependencies], [undefined, undefined]);
});

test('the examples of the README print what it says', () => assertExamples(process.execPath));

test('they do so in Node 20 too', { skip: unless(node20, 'Node 20') }, () => {
  assert.ok(node20, 'where CI=true, Node 20 has to be on the PATH');
  assertExamples(node20);
});

test('its types hold for consumers, and refuse what is wrong', async () => {
  const program = `import { compile, type Diagnostic, type Operation, type Program, parse, stats } from '@quantum-hub/openqasm';
const tree: Program = parse('').tree;
const result = compile('qubit q;', { limits: { qubits: 3 }, includes: { a: '' } });
// @ts-expect-error there is a program only where there are no errors
result.program;
// @ts-expect-error a limit is a number
compile('', { limits: { qubits: '3' } });
if (result.ok) {
  const bound = result.program.bind({ a: 1 });
  if (bound.ok) { const next: Operation | undefined = bound.start().next(); const { depth }: { depth: number } = stats(bound.start()); void [next, depth]; }
} else { const errors: readonly Diagnostic[] = result.errors; void errors; }
void tree;
`;
  writeFileSync(join(installed.folder, 'use.ts'), program);
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  for (const [module, moduleResolution] of [
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ]) {
    const compilerOptions = {
      module,
      moduleResolution,
      noEmit: true,
      strict: true,
      target: 'es2022',
      types: [],
    };
    const config = join(installed.folder, 'tsconfig.json');
    writeFileSync(config, JSON.stringify({ compilerOptions, files: ['use.ts'] }));
    const { stdout } = await promisify(execFile)(process.execPath, [tsc, '--project', config]).catch(
      (error) => error,
    );
    assert.equal(stdout, '', `moduleResolution ${moduleResolution}`);
  }
});

/** For a page or a bare engine: what a program comes to, as text. */
const inBrowser = `(() => {
  const { compile, drawSvg, circuit } = openqasm;
  const bytes = new Uint8Array(Array.from('OPENQASM 3.1; include "stdgates.inc"; qubit[2] q; h q[0]; cx q[0], q[1];', (c) => c.charCodeAt(0)));
  const { program } = compile(bytes);
  const run = program.bind().start();
  const names = [];
  for (let next = run.next(); next; next = run.next()) names.push(next.name + next.controls.length);
  const wrong = compile('OPENQASM 3.1; qubit q; x q;');
  return [...names, wrong.errors[0].code, drawSvg(circuit(program.unit, program.textOf)).startsWith('<svg')].join(' ');
})()`;
const expected = 'h0 x1 unknown-gate true';

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: "export * from '@quantum-hub/openqasm';", resolveDir: installed.folder },
    bundle: true,
    platform: 'browser',
    format: 'iife',
    globalName: 'openqasm',
    minify: true,
    write: false,
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
}

test('a browser bundle needs nothing of Node and is as small as the README says', async (t) => {
  const text = await bundle();
  // What an engine has by itself, and the two things that every browser adds and the package uses.
  const page = createContext({ performance, TextDecoder });
  runInContext(`"use strict";${text};globalThis.openqasm = openqasm;`, page);
  assert.equal(runInContext(inBrowser, page), expected);
  assert.equal(runInContext('typeof process + typeof require + typeof Buffer', page), 'undefined'.repeat(3));
  const [, minified, zipped] = /less than (\d+) kB minified and (\d+) kB gzipped/.exec(readme) ?? [];
  const sizes = [text.length, gzipSync(text).length].map((bytes) => bytes / 1000);
  t.diagnostic(`${sizes[0]} kB minified, ${sizes[1]} kB gzipped`);
  assert.ok((sizes[0] as number) < Number(minified), `${sizes[0]} kB minified: say so in the README`);
  assert.ok((sizes[1] as number) < Number(zipped), `${sizes[1]} kB gzipped: say so in the README`);
});

test('the bundle runs in Chromium', { skip: unless(chromium, 'Chromium') }, async () => {
  assert.ok(chromium, 'where CI=true, Chromium has to be on the PATH');
  const page = join(installed.folder, 'page.html');
  writeFileSync(join(installed.folder, 'bundle.js'), await bundle());
  const script = `document.body.textContent = 'result: ' + ${inBrowser}`;
  writeFileSync(
    page,
    `<!doctype html><meta charset="utf-8"><body><script src="bundle.js"></script><script>${script}</script>`,
  );
  const flags = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    `--user-data-dir=${installed.folder}/profile`,
  ];
  const { stdout } = await promisify(execFile)(chromium, [...flags, '--dump-dom', `file://${page}`]);
  assert.match(stdout, new RegExp(`result: ${expected}`));
});
