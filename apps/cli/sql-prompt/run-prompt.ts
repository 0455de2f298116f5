import { createInterface, type Interface } from 'node:readline';
import { text } from 'node:stream/consumers';
import {
  type AdminConnection,
  type ConnectionSettings,
  completeStatements,
  connectAdmin,
} from '@quantum-hub/database/admin';
import { exitCodes } from '../faults.ts';
import { type PromptScope, promptSearchPath } from '../psql/prompt-scope.ts';
import { describeError } from './describe-error.ts';
import { readMetaCommand } from './meta-commands.ts';
import { runStatement } from './run-statement.ts';

const service = 'psql';

/** A SQL prompt for where there is no psql; gives the exit code. */
export async function runPrompt(settings: ConnectionSettings, scope: PromptScope): Promise<number> {
  await using connection = await connectAdmin(settings, { service });
  connection.client.on('notice', ({ severity, message }) => say(`${severity}:  ${message}`));
  await connection.query(
    `
    select set_config('search_path', $1, false), set_config('qhub.actor', $2, false),
           set_config('role', $3, false)`,
    [promptSearchPath, scope.actor ?? '', scope.role ?? 'none'],
  );
  return process.stdin.isTTY
    ? await converse(connection)
    : await runAll(connection, await text(process.stdin));
}

/** Piped SQL: the first error ends it. */
async function runAll(connection: AdminConnection, script: string): Promise<number> {
  const lines = script.split('\n');
  // A backslash command takes one whole line between statements.
  let pending = '';
  for (const line of lines) {
    if (pending.trim() === '' && line.trimStart().startsWith('\\')) {
      if (!(await runMeta(connection, line))) return 0;
      continue;
    }
    pending += `${line}\n`;
    if (!line.includes(';')) continue;
    const { statements, rest } = completeStatements(pending);
    for (const statement of statements) if (!(await run(connection, statement))) return exitCodes.failed;
    pending = rest;
  }
  if (pending.trim() !== '' && !(await run(connection, pending.trim()))) return exitCodes.failed;
  return 0;
}

/** A person at a terminal: errors are shown and the conversation goes on. */
async function converse(connection: AdminConnection): Promise<number> {
  const { database } = connection.settings;
  say(`A small SQL prompt at ${database} (there is no psql on PATH). \\? for help, \\q to leave.`);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  let pending = '';
  let running = false;
  let ended = false;
  // Input that came faster than it was answered can end while its last lines still run.
  terminal.on('close', () => {
    ended = true;
  });
  const prompt = () => {
    if (ended) return;
    terminal.setPrompt(`${database}${pending.trim() === '' ? '=>' : '->'} `);
    terminal.prompt();
  };
  terminal.on('SIGINT', () => {
    if (running) return void cancel(connection);
    pending = '';
    process.stdout.write('\n');
    prompt();
  });
  prompt();
  for await (const line of terminal) {
    running = true;
    const next = await answerLine(connection, pending, line);
    running = false;
    if (next === undefined) break;
    pending = next;
    prompt();
  }
  close(terminal);
  return 0;
}

/** Runs what the line completes and gives what is still open; undefined to leave. */
async function answerLine(
  connection: AdminConnection,
  pending: string,
  line: string,
): Promise<string | undefined> {
  if (pending.trim() === '' && line.trimStart().startsWith('\\')) {
    return (await runMeta(connection, line)) ? '' : undefined;
  }
  const { statements, rest } = completeStatements(`${pending}${line}\n`);
  for (const statement of statements) if (!(await run(connection, statement))) return '';
  return rest.trim() === '' ? '' : rest;
}

async function runMeta(connection: AdminConnection, line: string): Promise<boolean> {
  const command = readMetaCommand(line);
  if (command.kind === 'text') say(command.text);
  if (command.kind === 'query') await run(connection, command.sql, [command.value]);
  return command.kind !== 'quit';
}

async function run(connection: AdminConnection, sql: string, values?: readonly string[]): Promise<boolean> {
  try {
    process.stdout.write(`${await runStatement(connection, sql, values)}\n`);
    return true;
  } catch (error) {
    say(describeError(error, sql));
    return false;
  }
}

/** By a second connection, which the same login may do. */
async function cancel({ client, settings }: AdminConnection): Promise<void> {
  const { processID } = client as unknown as { processID: number };
  await using helper = await connectAdmin(settings, { service });
  await helper.query('select pg_cancel_backend($1)', [processID]);
}

function close(terminal: Interface): void {
  terminal.close();
  process.stdin.unref?.();
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
