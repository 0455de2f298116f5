import { join } from 'node:path';

/** The repository. */
export const root = join(import.meta.dirname, '..');

/** The top folders that hold code. Not all of them exist yet. */
export const rooms = ['services', 'apps', 'packages', 'devices', 'benchmarks', 'tools', 'tests'];
