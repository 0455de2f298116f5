/**
 * Who may call what, written by hand: what the code says of itself is compared with this. A route without a row fails, and
 * so does a row without a route.
 */

/** What belongs to one person and is named in the path. */
export type Owned = 'key' | 'session' | 'job';

export interface AccessRow {
  /** Everybody, or who has the scope (a session has all of its user's). */
  readonly scope: 'nobody needs one' | string;
  /** The role beside; administrators are everything. */
  readonly role?: 'operator' | 'administrator';
  /** Not with a key. */
  readonly session?: true;
  /** The path names something that belongs to somebody: another's looks as if it did not exist. */
  readonly owned?: Owned;
  /** What the owner is answered. */
  readonly own?: readonly number[];
  /** A body that the route takes. */
  readonly body?: unknown;
}

const open = { scope: 'nobody needs one' } as const;
const identityRead = { scope: 'identity:read' } as const;
const identityWrite = { scope: 'identity:write' } as const;
const run = { scope: 'execution:write' } as const;
const look = { scope: 'execution:read' } as const;
const ofKey = { owned: 'key', own: [200] } as const;
const ofJob = { owned: 'job', own: [200] } as const;

export const accessTable: Readonly<Record<string, AccessRow>> = {
  getHealth: open,
  getReadiness: open,
  getMetrics: open,
  getErrorPage: open,

  signUp: open,
  signIn: open,
  confirmEmail: open,
  requestPasswordReset: open,
  resetPassword: open,
  requestEmailVerification: { ...identityWrite, session: true },

  showMe: identityRead,
  showProfile: identityRead,
  exportMe: { ...identityRead, session: true },
  changeMe: identityWrite,
  replaceProfile: identityWrite,
  changePassword: { ...identityWrite, session: true },
  deleteMe: { ...identityWrite, session: true },
  listAuditEvents: identityRead,

  listSessions: identityRead,
  endSession: { ...identityWrite, owned: 'session', own: [204] },
  signOut: { ...identityWrite, session: true },

  listKeys: identityRead,
  showKey: { ...identityRead, ...ofKey },
  createKey: identityWrite,
  changeKey: { ...identityWrite, ...ofKey, body: { name: 'renamed' } },
  rotateKey: { ...identityWrite, owned: 'key', own: [201], body: {} },
  revokeKey: { ...identityWrite, owned: 'key', own: [204] },

  listUsers: { ...identityRead, role: 'administrator' },
  showUser: { ...identityRead, role: 'administrator' },
  changeUser: { ...identityWrite, role: 'administrator' },
  listMails: { scope: 'hub:operate', role: 'operator' },

  listDevices: look,
  showDevice: look,
  switchDevice: { scope: 'hub:operate', role: 'operator' },
  listDeviceEvents: { scope: 'hub:operate', role: 'operator' },
  checkProgram: look,

  submitJob: run,
  listJobs: look,
  showJob: { ...look, ...ofJob },
  listJobEvents: { ...look, ...ofJob },
  listJobAttempts: { ...look, ...ofJob },
  showResult: { ...look, ...ofJob },
  showCircuit: { ...look, ...ofJob },
  cancelJob: { ...run, owned: 'job', own: [200, 202, 409] },
  retryJob: { ...run, owned: 'job', own: [201, 409] },
  cancelAnyJob: { scope: 'hub:operate', role: 'operator' },
  // The token in the path is signed and lives for minutes: whoever has it was given it.
  readBlob: open,
};
