import {
  type ConnectionSettings,
  type LibpqEnvironment,
  libpqEnvironment,
} from '@quantum-hub/database/admin';
import { type PromptScope, promptSearchPath } from './prompt-scope.ts';

/** Environment variables for psql, with the role and the user that it acts as. */
export function psqlEnvironment(
  settings: ConnectionSettings,
  { role, actor }: PromptScope,
  env: LibpqEnvironment['variables'],
): LibpqEnvironment {
  const options = {
    search_path: promptSearchPath,
    ...(role && { role }),
    ...(actor && { 'qhub.actor': actor }),
  };
  return libpqEnvironment(settings, { name: 'psql', options, env });
}
