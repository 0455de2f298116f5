import type { Room } from './entry.ts';

/** What is refused before a job is queued. */
export const executionSubmissionErrors = {
  'execution.program_invalid': {
    status: 422,
    message: 'the program cannot be run[ on {device}]: {errors}; correct each at its line',
    why: 'The language or the device refuses the program or its inputs. Nothing was queued.',
    fix: 'Read the list `errors`: each has a line, a column, what was expected and often a suggestion.',
  },
  'execution.program_too_large': {
    status: 422,
    message: 'the program has {length} characters; expected at most {most}',
    why: 'Programs and inputs of jobs are kept with them, and have a largest size.',
    fix: 'Write loops and gate definitions in place of long lists of statements.',
  },
  'execution.inputs_too_large': {
    status: 422,
    message: 'the inputs are {bytes} bytes as JSON; expected at most {most}',
    why: 'Inputs of jobs are kept with them, and have a largest size.',
    fix: 'Give fewer or shorter inputs.',
  },
  'execution.memory_too_large': {
    status: 422,
    message: 'the memory of {shots} shots would have {characters} characters; expected at most {most}',
    why: 'The memory holds the outcome of every shot, and a result has a largest size.',
    fix: 'Ask for fewer shots, or for counts without memory.',
  },
  'execution.device_unavailable': {
    status: 409,
    message: '{device} is {status} and takes no jobs; choose another device',
    why: 'The device is retired: its jobs would wait for ever. Devices that are offline or in maintenance take jobs, which wait.',
    fix: 'List the devices and choose another one.',
  },
  'execution.priority_not_allowed': {
    status: 403,
    message: 'the priority "{priority}" is not for this user; expected {allowed}',
    why: 'High priority is for developers and providers, urgent for operators.',
    fix: 'Submit the job with one of the priorities named, or ask an administrator for the role.',
  },
  'execution.schedule_out_of_range': {
    status: 422,
    message: 'the job cannot be scheduled for {at}; expected a time from {from} to {to}',
    why: 'A job is scheduled for a time to come, at most 30 days ahead.',
    fix: 'Choose a time in that range, or none to start as soon as the device is free.',
  },
} as const satisfies Room<'execution'>;
