import type { Room } from './entry.ts';

const unexpected = 'something went wrong on the server; try again, and report it if it stays';

/** What the command line and the hub's start tell people; none of them reaches a caller over HTTP. */
export const programErrors = {
  'kernel.usage_invalid': {
    status: 400,
    message: '{reason}; see `{help}`',
    publicMessage: unexpected,
    why: 'A command was called with an argument, an option or a combination of them that it does not know.',
    fix: 'See the `--help` of the command. The exit code is 2.',
  },
  'kernel.not_signed_in': {
    status: 401,
    message:
      'nobody is signed in to {url}; run `npx qhub login`, or set QHUB_API_KEY (and QHUB_URL for another hub)',
    publicMessage: unexpected,
    why: 'A command speaks to a hub for somebody, and neither a session is kept here nor is a key in the environment.',
    fix: 'Run `npx qhub signup` or `npx qhub login`, or set `QHUB_API_KEY`.',
  },
  'kernel.sign_ins_unusable': {
    status: 400,
    message:
      'the file where your sign-ins are kept, {file}, cannot be {what}: {reason}; correct that, or remove the file and run `npx qhub login` again',
    publicMessage: unexpected,
    why: 'Sessions are kept in a file of their own (`~/.config/quantum-hub/credentials.json`, or in `XDG_CONFIG_HOME`). It is damaged, or it or its folder may not be read or written.',
    fix: 'Correct the rights of the file and its folder. A damaged file is of no use: remove it and run `npx qhub login`. `QHUB_URL` and `QHUB_API_KEY` together need no file.',
  },
  'kernel.result_damaged': {
    status: 502,
    message:
      'the result of the job {job} did not come as the hub wrote it: {received} bytes, expected {bytes} with the SHA-256 {sha256}; fetch it again, and tell the operator if that gives the same',
    publicMessage: unexpected,
    why: 'A large result comes from a blob store, and what came has another SHA-256 than the hub wrote down: it was cut or changed on the way, or where it lies.',
    fix: 'Fetch it again: `npx qhub results JOB -o FILE`. If it is the same, the operator finds the stored document damaged.',
  },
  'kernel.interrupted': {
    status: 499,
    message: 'interrupted by {signal}',
    publicMessage: unexpected,
    why: 'Ctrl-C, or another signal that ends programs, reached a command before it was done.',
    fix: 'Run the command again; what was not finished was undone. The exit code is 130.',
  },
  'kernel.hub_running': {
    status: 409,
    message:
      'Quantum Hub is running already for {home}[ (process {pid})][, its database at {address}]; use it, or stop it with Ctrl-C where it was started; a part of it starts beside it with --role or --services',
    publicMessage: unexpected,
    why: '`npm start` was run twice for one folder; `QHUB_HOME` gives another hub a folder of its own.',
    fix: 'Use the one that is running, stop it first, or set `QHUB_HOME` to another folder. More workers, or parts of the hub in processes of their own, start beside it: `npx qhub serve --role worker`.',
  },
  'kernel.file_unreadable': {
    status: 400,
    message: '{file} cannot be read: {reason}; expected the name of a file, or - for standard input',
    publicMessage: unexpected,
    why: 'A command was given a file that does not exist, is a folder, may not be read, or is too large.',
    fix: 'Correct the name; relative ones count from the folder where you stand.',
  },
  'kernel.file_unwritable': {
    status: 400,
    message:
      '{file} cannot be written: {reason}; expected the name of a file in a folder that you may write to',
    publicMessage: unexpected,
    why: 'A command was to write its result into a file that it may not or cannot write.',
    fix: 'Give another name; relative ones count from the folder where you stand. The result itself is still there.',
  },
  'kernel.output_unwritable': {
    status: 400,
    message: 'standard output cannot be written: {reason}; send it to where there is room',
    publicMessage: unexpected,
    why: 'A command was to print its result, and what takes its standard output refused it.',
    fix: 'Make room, or name another file behind `>`. What the command did is done: look before you repeat it.',
  },
} as const satisfies Room<'kernel'>;
