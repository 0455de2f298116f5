/** What the audit log knows; the database's CHECK holds the same list (a test compares). */
export const auditActions = [
  'account.created',
  'account.changed',
  'account.exported',
  'account.deleted',
  'account.activated',
  'account.deactivated',
  'roles.changed',
  'session.created',
  'session.revoked',
  'password.changed',
  'password.reset_requested',
  'password.reset',
  'email.verification_requested',
  'email.verified',
  'key.created',
  'key.changed',
  'key.rotated',
  'key.revoked',
  'mail.shown',
] as const;
export type AuditAction = (typeof auditActions)[number];

export const auditOutcomes = ['success', 'refused'] as const;
