import { hubError, isHubError } from '@quantum-hub/kernel';
import { CommanderError } from 'commander';
import { printable } from './table.ts';

export const exitCodes = { failed: 1, usage: 2, interrupted: 130 } as const;

/** Ends a command with an exit code, when all has been said. */
export class SilentExit extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`exit ${exitCode}`);
    this.exitCode = exitCode;
  }
}

/** An argument that a command cannot take: exit code 2. `help` is the command to ask. */
export function usageFault(reason: string, help: string): Error {
  return hubError('kernel.usage_invalid', { reason, help });
}

/** Says on standard error what went wrong, as one sentence or as `{ "error": { "code", "message" } }`; gives the exit code. */
export function reportFault(error: unknown, { json }: { json: boolean }): number {
  if (error instanceof SilentExit) return error.exitCode;
  // Help and version were printed by commander.
  if (error instanceof CommanderError && isHelp(error)) return error.exitCode === 0 ? 0 : exitCodes.usage;
  const fault = faultOf(error);
  const text = json ? JSON.stringify({ error: fault }) : `qhub: ${fault.message}`;
  process.stderr.write(`${text}\n`);
  if (process.env.QHUB_DEBUG) process.stderr.write(`${(error as Error).stack}\n`);
  if (fault.code === 'kernel.interrupted') return exitCodes.interrupted;
  return fault.code === 'kernel.usage_invalid' ? exitCodes.usage : exitCodes.failed;
}

/** Commander's way to end after it has printed its help or the version. */
export function isHelp({ code }: CommanderError): boolean {
  return ['commander.help', 'commander.helpDisplayed', 'commander.version'].includes(code);
}

type Fault = { readonly code: string; readonly message: string; readonly errors?: readonly Detail[] };
type Detail = { readonly path?: string; readonly message: string };

function faultOf(error: unknown): Fault {
  if (isHubError(error)) return { code: error.code, message: error.message };
  if (isHubProblem(error)) return problemFault(error);
  const reason = error instanceof Error ? error.message : String(error);
  return faultOf(hubError('kernel.unexpected', { reason }));
}

type HubProblem = Error & {
  readonly status: number;
  readonly code: string;
  readonly errors: readonly Detail[];
  readonly requestId: string | undefined;
};

/** What the hub refused. Known by its name: commands without a hub don't wait for the client to load. */
function isHubProblem(error: unknown): error is HubProblem {
  return error instanceof Error && error.name === 'HubProblem';
}

/** Whoever signs in once more in spite of a key would be told the same again. */
function ofKey(): string {
  return process.env.QHUB_API_KEY ? ' (QHUB_API_KEY is set now, and goes before a session)' : '';
}

/** What the hub says to programs, in the words of the command line; the code stays. */
function inWords(code: string, message: string): string {
  if (code === 'http.not_signed_in')
    return `the hub refuses this sign-in: the session has ended, or the key has expired or was revoked; run \`npx qhub login\`, or set QHUB_API_KEY to a key that is active${ofKey()}`;
  if (code === 'kernel.invalid_key') return `${message.replace(/\.$/, '')}${ofKey()}`;
  // Places in a request are options and arguments here: `/body/shots` is what people know as shots.
  return code === 'http.invalid_request' ? message.replace(/\/(?:body|query|params)\//g, '') : message;
}

function problemFault({ code, message: sent, status, errors, requestId }: HubProblem): Fault {
  const message = inWords(code, sent);
  // Of a single fault the sentence says it all.
  const untold = errors.filter((detail) => !message.includes(detail.message));
  const details = untold.map(
    (detail) => `\n  ${printable(detail.path ? `${detail.path}: ` : '')}${printable(detail.message)}`,
  );
  // Whoever runs the hub finds the cause in its log.
  const reference = status >= 500 && requestId !== undefined ? ` (request ${requestId})` : '';
  return {
    code,
    message: `${printable(message)}${reference}${details.join('')}`,
    ...(errors.length > 0 && { errors }),
  };
}
