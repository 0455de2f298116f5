/** As whom a prompt acts after log-in. */
export interface PromptScope {
  readonly role?: string;
  /** The id of a user. */
  readonly actor?: string;
}

/** The schemas of the hub, found without naming them: the logins themselves find none. */
export const promptSearchPath = 'identity,development,marketplace,execution,hub,pg_catalog';
