import { join } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { root } from '../../tools/rooms.ts';

/** Reads all modules below `folders` of the tree at `baseDir` and judges them by the rules of this repository. */
export async function cruiseTree(baseDir: string, folders: string[]): Promise<ICruiseResult> {
  const options = await extractDepcruiseOptions(join(root, '.dependency-cruiser.cjs'));
  const tsConfig = extractTsConfig(join(root, 'tsconfig.json'));
  const { output } = await cruise(folders, { ...options, baseDir, outputType: 'json' }, {}, { tsConfig });
  return JSON.parse(String(output));
}
