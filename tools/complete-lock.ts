// `npm run complete-lock`, after each `npm install`: adds the platforms that this registry does not have.
// With --check it only says what is missing.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { completeLock } from './complete-lock/complete.ts';
import { root } from './rooms.ts';

const isCheck = process.argv.includes('--check');

for (const file of ['package-lock.json', 'tools/postgres-matrix/package-lock.json']) {
  const lock = JSON.parse(readFileSync(join(root, file), 'utf8'));
  const added = completeLock(lock);
  if (added.length > 0 && isCheck) {
    process.stderr.write(
      `${file} lacks ${added.join(', ')}: \`npm ci\` will refuse it; run \`npm run complete-lock\`\n`,
    );
    process.exitCode = 1;
  } else if (added.length > 0) {
    writeFileSync(join(root, file), `${JSON.stringify(lock, null, 2)}\n`);
  }
  if (process.exitCode !== 1) process.stdout.write(`${file}: ${added.length} added\n`);
}
