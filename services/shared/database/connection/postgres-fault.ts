/**
 * A PostgreSQL or network error without anything that could be a value of a row. PostgreSQL puts values into `detail`
 * and, for some classes, into the message; MikroORM puts the whole statement with its values there. This is what may
 * be logged as the cause of an error.
 */
export class PostgresFault extends Error {
  override readonly name = 'PostgresFault';
  /** Five characters of SQLSTATE, or a network code such as ECONNRESET. */
  readonly code: string;
  readonly constraint?: string;
  readonly table?: string;
  readonly column?: string;
  readonly routine?: string;

  constructor(facts: Facts) {
    super(facts.safeMessage);
    this.code = facts.code;
    this.constraint = facts.constraint;
    this.table = facts.table;
    this.column = facts.column;
    this.routine = facts.routine;
    if (facts.frames) this.stack = `${this.name}: ${this.message}\n${facts.frames}`;
  }
}

export interface Facts {
  readonly code: string;
  readonly message: string;
  readonly safeMessage: string;
  readonly constraint?: string;
  readonly table?: string;
  readonly column?: string;
  readonly routine?: string;
  readonly frames?: string;
}

/**
 * Classes of SQLSTATE whose own messages name objects and conditions, not values: connections, constraints, transaction
 * states, access rules (bar syntax errors, which quote the statement), resources, operator intervention, system errors.
 */
const tellable = /^(08|0A|23|25|26|28|2D|3D|3F|40|42(?!601)|53|54|55|57|58)/;
/** What a trigger or function says with RAISE may hold values, whatever SQLSTATE it gives. */
const raised = 'exec_stmt_raise';
const sqlState = /^[0-9A-Z]{5}$/;
const networkCode = /^E[A-Z_]{3,}$/;

/** Errors of node-postgres that carry no code. */
const connectionMessages =
  /^(Connection terminated|Client (has encountered a connection error|was closed)|timeout exp?ired|timeout exceeded|Query read timeout|The server does not support SSL|There was an error establishing an SSL|SASL)/;

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The facts of an error of PostgreSQL, of the network or of MikroORM around one; undefined for any other error. */
export function factsOfError(error: unknown): Facts | undefined {
  if (!(error instanceof Error)) return undefined;
  const fields = error as Error & Record<string, unknown>;
  const code = textOf(fields.code);
  const isState = code !== undefined && sqlState.test(code) && !networkCode.test(code);
  const isNetwork = code !== undefined && networkCode.test(code);
  if (!isState && !isNetwork && !connectionMessages.test(error.message)) return undefined;
  const constraint = textOf(fields.constraint);
  const routine = textOf(fields.routine);
  const told = !isState || (tellable.test(code) && routine !== raised);
  const frames = error.stack?.split('\n').filter((line) => line.startsWith('    at '));
  return {
    code: code ?? 'connection',
    message: error.message,
    safeMessage: told
      ? (error.message.split('\n')[0] as string)
      : `SQLSTATE ${code}${constraint ? `, constraint ${constraint}` : ''}`,
    constraint,
    table: textOf(fields.table),
    column: textOf(fields.column),
    routine,
    frames: frames?.join('\n'),
  };
}
