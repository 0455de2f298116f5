import type { DatabasePlace, ServiceName } from '@quantum-hub/database/admin';
import type { Limiter } from '@quantum-hub/http';
import type { Hidden } from '@quantum-hub/kernel';
import type { ProcessRole } from './command-line.ts';
import type { Log } from './log.ts';
import type { HubSettings } from './settings.ts';

/** What the parts of a process are made with. */
export interface ComposeOptions {
  readonly settings: HubSettings;
  readonly place: DatabasePlace;
  readonly role: ProcessRole;
  readonly services: readonly ServiceName[];
  readonly limiter: Limiter;
  readonly log: Log;
  /** Where people reach the hub: what is configured, else where it listens, which is known once it does. */
  readonly publicUrl: () => string;
  /** The hub's own, the same in all of its processes. */
  readonly secretKey: Hidden<string>;
}
