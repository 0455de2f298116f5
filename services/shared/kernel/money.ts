import { hubError } from './errors/hub-error.ts';

/** An exact amount: `amountMinor` counts the smallest unit of the currency (cents for EUR, yen for JPY). */
export interface Money {
  readonly amountMinor: bigint;
  /** ISO 4217 code in upper case. */
  readonly currency: string;
}

/** The range of PostgreSQL's bigint, in which amounts are stored. */
export const largestAmountMinor = 2n ** 63n - 1n;
export const smallestAmountMinor = -(2n ** 63n);

// The longest amount has 19 digits: more are refused unread, since turning a megabyte of digits into a number takes long.
const decimalPattern = /^(-?)(\d{1,19})(?:\.(\d{1,4}))?$/;

// ISO 4217, not Intl: ICU says 0 decimal places for HUF, IDR, IQD and others that have 2 or 3, and changes its mind from
// version to version, while stored amounts must keep their meaning. Every code that is not here has 2.
const unusualDigits: Readonly<Record<number, string>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
};

const digitsByCurrency = new Map([
  ...Intl.supportedValuesOf('currency').map((code) => [code, 2] as const),
  ...Object.entries(unusualDigits).flatMap(([digits, codes]) =>
    codes.split(' ').map((code) => [code, Number(digits)] as const),
  ),
]);

export function isCurrency(value: unknown): value is string {
  return typeof value === 'string' && digitsByCurrency.has(value);
}

/** How many decimal places a currency has: 2 for EUR, 0 for JPY, 3 for BHD. */
export function minorDigitsOf(currency: string): number {
  const digits = digitsByCurrency.get(currency);
  if (digits === undefined) {
    throw hubError('kernel.invalid_value', {
      name: 'currency',
      value: currency,
      expected: 'an ISO 4217 code in upper case, such as EUR',
    });
  }
  return digits;
}

/** An amount in minor units; throws `kernel.invalid_value` for an unknown currency or an amount beyond a bigint column. */
export function money(amountMinor: bigint, currency: string): Money {
  minorDigitsOf(currency);
  if (amountMinor < smallestAmountMinor || amountMinor > largestAmountMinor) {
    throw hubError('kernel.invalid_value', {
      name: 'amount',
      value: `${amountMinor} minor units of ${currency}`,
      expected: `${smallestAmountMinor} to ${largestAmountMinor} minor units`,
    });
  }
  return Object.freeze({ amountMinor, currency });
}

function requireSameCurrency(left: Money, right: Money): void {
  if (left.currency !== right.currency) {
    throw hubError('kernel.currency_mismatch', { left: left.currency, right: right.currency });
  }
}

export function addMoney(left: Money, right: Money): Money {
  requireSameCurrency(left, right);
  return money(left.amountMinor + right.amountMinor, left.currency);
}

export function subtractMoney(left: Money, right: Money): Money {
  requireSameCurrency(left, right);
  return money(left.amountMinor - right.amountMinor, left.currency);
}

/** -1, 0 or 1, as `Array.sort` wants it; throws `kernel.currency_mismatch` for two currencies. */
export function compareMoney(left: Money, right: Money): -1 | 0 | 1 {
  requireSameCurrency(left, right);
  if (left.amountMinor === right.amountMinor) return 0;
  return left.amountMinor < right.amountMinor ? -1 : 1;
}

/** The exact decimal form without a currency sign: `-12.05`, `300` for yen. The inverse of `parseMoney`. */
export function moneyToDecimal({ amountMinor, currency }: Money): string {
  const digits = minorDigitsOf(currency);
  const sign = amountMinor < 0n ? '-' : '';
  const text = String(amountMinor < 0n ? -amountMinor : amountMinor).padStart(digits + 1, '0');
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/**
 * Reads a decimal such as `12.5` or `-0.99` exactly. Throws `kernel.invalid_value` for anything else, in particular for
 * more decimal places than the currency has: nothing is ever rounded.
 */
export function parseMoney(decimal: string, currency: string): Money {
  const digits = minorDigitsOf(currency);
  const match = decimalPattern.exec(decimal);
  const fraction = match?.[3] ?? '';
  if (!match || fraction.length > digits) {
    throw hubError('kernel.invalid_value', {
      name: 'amount',
      value: decimal,
      expected: `a decimal number with at most ${digits} decimal places for ${currency}`,
    });
  }
  const amountMinor = BigInt(`${match[2]}${fraction.padEnd(digits, '0')}`);
  return money(match[1] ? -amountMinor : amountMinor, currency);
}

/** For people, in the manner of a locale: `€1,234.50`. Exact at any size, since the amount never becomes a float. */
export function formatMoney(value: Money, locale = 'en'): string {
  const digits = minorDigitsOf(value.currency);
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: value.currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return format.format(moneyToDecimal(value) as `${number}`);
}
