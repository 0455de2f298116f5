import { parse } from './parse.ts';

/** `line:column+length code` of each error of a text. */
export function places(
  source: string | Uint8Array,
  options?: Parameters<typeof parse>[1],
): readonly string[] {
  return parse(source, options).errors.map(({ line, column, length, code, file }) => {
    return `${file ? `${file} ` : ''}${line}:${column}+${length} ${code}`;
  });
}
