import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { hubError } from '@quantum-hub/kernel';
import { connectAdmin } from '../../connection/admin-connection.ts';
import { addressOf, type ConnectionSettings } from '../../connection/client.ts';
import { type Account, serverAccount } from '../../server/index.ts';

/** What a running server tells about itself, and the user that its files belong to. */
export interface ServerFacts {
  readonly dataDir: string;
  readonly socketDir: string | undefined;
  readonly major: number;
  readonly systemId: string;
  readonly walLevel: string;
  readonly account: Account;
}

export const service = 'qhub-db-backup';

/** The maintenance database: base backups and archives are of the server as a whole. */
export function maintenance(admin: ConnectionSettings): ConnectionSettings {
  return { ...admin, database: 'postgres' };
}

/** Throws `database.pitr_not_local` where the server's files are not on this machine. */
export async function askServer(admin: ConnectionSettings): Promise<ServerFacts> {
  await using connection = await connectAdmin(maintenance(admin), { service });
  const { rows } = await connection.query<
    Record<'dataDir' | 'sockets' | 'major' | 'systemId' | 'walLevel', string>
  >(
    `select current_setting('data_directory') as "dataDir", current_setting('unix_socket_directories') as sockets,
       current_setting('server_version_num')::int / 10000 as major, current_setting('wal_level') as "walLevel",
       system_identifier::text as "systemId" from pg_control_system()`,
  );
  const { dataDir = '', sockets = '', major, systemId = '', walLevel = '' } = rows[0] ?? {};
  if (!existsSync(join(dataDir, 'PG_VERSION'))) {
    throw hubError('database.pitr_not_local', { address: addressOf(admin), dataDir });
  }
  const [socket] = sockets.split(',').map((path) => path.trim());
  const socketDir = socket?.startsWith('/') ? socket : undefined;
  return {
    dataDir,
    socketDir,
    major: Number(major),
    systemId,
    walLevel,
    account: serverAccount({ dataDir }),
  };
}
