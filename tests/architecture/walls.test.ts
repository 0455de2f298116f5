import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { ICruiseResult } from 'dependency-cruiser';
import { rooms, root } from '../../tools/rooms.ts';
import { cruiseTree } from './cruise.ts';
import { innocent, installed, manifests, plants } from './plants.ts';

const { forbidden } = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs'));
const rules: string[] = forbidden.map((rule: { name: string }) => rule.name);

describe('walls of the house', () => {
  let house: string;
  let lawful: ICruiseResult;
  let broken: ICruiseResult;

  before(async () => {
    house = realpathSync(mkdtempSync(join(tmpdir(), 'qhub-house-')));
    furnish();
    lawful = await cruiseTree(house, rooms);
    for (const plant of plants) write({ [plant.file]: plant.text, ...plant.beside });
    broken = await cruiseTree(house, rooms);
  });
  after(() => rmSync(house, { recursive: true }));

  test('every arrow that the architecture allows passes', () => {
    assert.equal(
      lawful.modules.filter(({ source }) => source in innocent).length,
      Object.keys(innocent).length,
    );
    assert.deepEqual(seen(lawful), []);
  });

  for (const plant of plants) {
    test(`${plant.rule} catches its planted violation`, () => {
      assert.ok(
        broken.summary.violations.some(({ rule, from }) => rule.name === plant.rule && from === plant.file),
        `${plant.file} fired only: ${seen(broken).filter((line) => line.includes(plant.file))}`,
      );
    });
  }

  test('no rule is without a plant, and no rule stands twice', () => {
    assert.deepEqual([...rules].sort(), plants.map(({ rule }) => rule).sort());
  });

  function furnish(): void {
    write(innocent);
    for (const [folder, manifest] of Object.entries(manifests)) {
      write({ [`${folder}/package.json`]: JSON.stringify(manifest) });
    }
    for (const name of installed) {
      const manifest = JSON.stringify({ name, version: '1.0.0', main: 'index.js' });
      write({ [`node_modules/${name}/package.json`]: manifest, [`node_modules/${name}/index.js`]: '' });
    }
    mkdirSync(join(house, 'node_modules/@quantum-hub'));
    symlinkSync('../../services/shared/kernel', join(house, 'node_modules/@quantum-hub/kernel'));
    symlinkSync('../../services/shared/database', join(house, 'node_modules/@quantum-hub/database'));
  }

  function write(files: Record<string, string>): void {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(house, file)), { recursive: true });
      writeFileSync(join(house, file), text);
    }
  }
});

function seen(result: ICruiseResult): string[] {
  return result.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`);
}
