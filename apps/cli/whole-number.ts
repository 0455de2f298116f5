import { usageFault } from './faults.ts';

/** An option that is a whole number; undefined where it was not given. Throws `kernel.usage_invalid`, which names `help`. */
export function wholeNumber(
  text: string | undefined,
  option: string,
  { least, help }: { readonly least: number; readonly help: string },
): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number >= least) return number;
  throw usageFault(`${option} is "${text}"; expected a whole number from ${least}`, help);
}
