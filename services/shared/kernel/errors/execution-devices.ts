import type { Room } from './entry.ts';

/** What a device or its sandbox answers when it is not the program that is wrong. */
export const executionDeviceErrors = {
  'execution.shots_out_of_range': {
    status: 422,
    message: '{shots} shots cannot be run on {device}; expected a whole number from 1 to {most}',
    why: 'Each device says in its profile how many shots it runs at most.',
    fix: 'Ask for fewer shots, or submit several jobs with different seeds and add their counts.',
  },
  'execution.seed_out_of_range': {
    status: 422,
    message: 'the seed {seed} cannot be used; expected a whole number from 0 to 9007199254740991',
    why: 'A seed is a whole number that every machine holds exactly.',
    fix: 'Choose another seed, or none to get one.',
  },
  'execution.request_not_served': {
    status: 422,
    message: '{device} does not serve requests of the kind "{kind}"; it serves {kinds}',
    why: 'Not every device computes expectation values or resource estimates.',
    fix: 'Choose another device.',
  },
  'execution.language_not_served': {
    status: 422,
    message: '{device} does not run {language}; it runs {languages}',
    why: 'Each device names the languages it reads in its profile.',
    fix: 'Choose another device.',
  },
  'execution.observable_invalid': {
    status: 422,
    message:
      'the observable "{text}" cannot be read: {reason}; expected a sum of Pauli terms like "0.5*Z0 Z1 - X2"',
    why: 'A term is an optional coefficient and Paulis with the numbers of their qubits, each qubit once.',
    fix: 'Write it in that form; qubits are numbered in the order of their declaration.',
  },
  'execution.device_time_exceeded': {
    status: 422,
    message: '{device} stopped the program after {seconds} s, the time it may take',
    why: 'The program needs more time than the device gives to a run.',
    fix: 'Use fewer shots, fewer qubits or a shallower program, or ask the operator for more time.',
  },
  'execution.device_memory_exceeded': {
    status: 422,
    message: '{device} stopped the program at {mebibytes} MiB, the memory it may take',
    why: 'The program needs more memory than the device gives to a run.',
    fix: 'Use fewer qubits or fewer distinct outcomes, or ask the operator for more memory.',
  },
  'execution.check_time_exceeded': {
    status: 422,
    message: 'the program could not be checked within {seconds} s; make it smaller',
    why: 'Programs are read and checked before they are queued, and this one takes too long to read.',
    fix: 'Write loops and gate definitions in place of long lists of statements, or split the program.',
  },
  'execution.device_answer_invalid': {
    status: 500,
    message: '{device} answered something that is no result: {reason}',
    publicMessage:
      'the device answered something that is no result; try again, and tell the operator when it happens again',
    why: 'Every answer of a device is held against what was asked before it is stored: outcomes, registers, shots, values.',
    fix: 'Try again. For the operator: the adapter of the device is wrong; `npx qhub devices verify` shows how.',
  },
  'execution.device_failed': {
    status: 500,
    message: '{device} ended without a result: {reason}',
    publicMessage:
      'the device ended without a result; try again, and tell the operator when it happens again',
    why: 'The process that ran the program died, or answered something that is no result.',
    fix: 'Try again. The operator finds the reason in the log.',
  },
} as const satisfies Room<'execution'>;
