import type { AdminConnection } from '../../connection/admin-connection.ts';

/** The server's, such as `15.18`. */
export async function versionOf(admin: AdminConnection): Promise<string> {
  const { rows } = await admin.query<{ version: string }>(
    `select split_part(current_setting('server_version'), ' ', 1) as version`,
  );
  return rows[0]?.version ?? '';
}
