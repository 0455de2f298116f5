import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder that goes away. */
export class TestFolder implements Disposable {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

export function testFolder(name = 'qhub-test-'): TestFolder {
  const path = mkdtempSync(join(tmpdir(), name));
  // As root the embedded server runs as another user, who has to pass here; else its data would lie in /var/lib.
  chmodSync(path, 0o711);
  return new TestFolder(path);
}
