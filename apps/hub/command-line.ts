import { parseArgs } from 'node:util';
import { serviceNames } from '@quantum-hub/database/admin';

/** What one process does of the hub. */
const processRoles = ['all', 'api', 'worker', 'scheduler'] as const;
export type ProcessRole = (typeof processRoles)[number];
type ServiceName = (typeof serviceNames)[number];

export interface HubArguments {
  /** `api` answers requests, `worker` runs jobs, `scheduler` keeps what comes at its time; `all` is the three in one process. */
  readonly role: ProcessRole;
  /** Whose routes are served. */
  readonly services: readonly ServiceName[];
  readonly host?: string;
  readonly port?: number;
}

export class UsageError extends Error {}

export const usage = `Usage: qhub serve [options]    (or npm start -- [options])

  --role all|api|worker|scheduler   what this process does (all)
  --services NAME,...               whose routes it serves: ${serviceNames.join(', ')} (all)
  --host HOST --port PORT           where it listens, instead of QHUB_HTTP_HOST and QHUB_HTTP_PORT;
                                    a worker or scheduler listens (health, figures) with --port only

Examples:
  npx qhub serve --role api --port 8080
  npx qhub serve --role worker
`;

/** Throws `UsageError` with one sentence for what it does not know. */
export function readArguments(args: readonly string[]): HubArguments | 'help' {
  const { role = 'all', services, host, port, help } = parse(args);
  if (help) return 'help';
  if (!isOneOf(processRoles, role)) {
    throw new UsageError(`--role is "${role}"; expected one of ${processRoles.join(', ')}`);
  }
  const wanted = services === undefined ? serviceNames : servicesOf(services);
  if (role === 'worker' && !wanted.includes('execution')) {
    throw new UsageError(
      'a worker runs the jobs of execution, which --services does not name; add it, or leave --services out',
    );
  }
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) <= 65_535)) {
    throw new UsageError(`--port is "${port}"; expected a whole number from 0 to 65535`);
  }
  if (host !== undefined && port === undefined && (role === 'worker' || role === 'scheduler')) {
    throw new UsageError(`a ${role} listens with --port only; expected --port beside --host`);
  }
  return {
    role,
    services: wanted,
    host,
    port: port === undefined ? undefined : Number(port),
  };
}

/** Whether one process is the whole hub: nothing of it has to run elsewhere. */
export function isWhole({ role, services }: HubArguments): boolean {
  return role === 'all' && services.length === serviceNames.length;
}

function servicesOf(text: string): readonly ServiceName[] {
  const names = text.split(',');
  const expected = `expected some of ${serviceNames.join(', ')}`;
  if (names.includes('')) throw new UsageError(`--services is "${text}"; ${expected}`);
  const unknown = names.filter((name) => !isOneOf(serviceNames, name));
  if (unknown.length > 0) throw new UsageError(`--services names ${unknown.join(', ')}; ${expected}`);
  // Each once, in the order of the list: the first one is whom the process writes its own rows as.
  return serviceNames.filter((name) => names.includes(name));
}

function isOneOf<Name extends string>(names: readonly Name[], name: string): name is Name {
  return (names as readonly string[]).includes(name);
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    const options = {
      role: text,
      services: text,
      host: text,
      port: text,
      help: { type: 'boolean' },
    } as const;
    return parseArgs({ args: [...args], options, strict: true }).values;
  } catch (error) {
    throw new UsageError((error as Error).message.replace(/\. To specify .*$/s, '').replace(/\.$/, ''));
  }
}
