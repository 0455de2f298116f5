import type { Room } from './entry.ts';

export const kernelErrors = {
  'kernel.invalid_value': {
    status: 422,
    message: '{name} is "{value}"; expected {expected}',
    why: 'A value does not have the form or the range that its place asks for.',
    fix: 'Send a value as the message describes it.',
  },
  'kernel.currency_mismatch': {
    status: 422,
    message: 'amounts in {left} and {right} cannot be combined; expected one currency',
    why: 'Two amounts of money in different currencies were added, subtracted or compared.',
    fix: 'Use amounts of one currency; Quantum Hub never converts between currencies.',
  },
  'kernel.invalid_key': {
    status: 401,
    message: 'the key is not a Quantum Hub key; expected {expected}',
    publicMessage: 'the key is not valid; send the whole key as it was shown when it was made',
    why: 'The text sent as a key has the wrong form or a wrong checksum: most often it was cut or mistyped.',
    fix: 'Send the whole key as it was shown when it was made, or make a new one.',
  },
  'kernel.unexpected': {
    status: 500,
    message: 'something failed that should not have: {reason}',
    publicMessage: 'something went wrong on the server; try again, and report it if it stays',
    why: 'A fault in Quantum Hub itself; its cause is in the log.',
    fix: 'Look for the cause in the log and report it.',
  },
} as const satisfies Room<'kernel'>;
