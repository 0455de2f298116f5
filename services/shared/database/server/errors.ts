/** Every way in which the embedded server can refuse to serve; the sentence comes from the place that knows the facts. */
export type ServerErrorCode =
  | 'database.server_port_busy'
  | 'database.server_port_differs'
  | 'database.server_other_major'
  | 'database.server_half_initialised'
  | 'database.server_disk_full'
  | 'database.server_home_unwritable'
  | 'database.server_account_missing'
  | 'database.server_access_denied'
  | 'database.server_binaries_missing'
  | 'database.server_binaries_unusable'
  | 'database.server_platform_unsupported'
  | 'database.server_data_dir_busy'
  | 'database.server_data_missing'
  | 'database.server_data_damaged'
  | 'database.server_password_lost'
  | 'database.server_setting_invalid'
  | 'database.server_out_of_memory'
  | 'database.server_lock_timeout'
  | 'database.server_stop_timeout'
  | 'database.server_start_timeout'
  | 'database.server_start_failed';

/** A fault of the embedded server. `message` is one or two sentences meant for people: the thing, its value, what to do. */
export class ServerError extends Error {
  readonly code: ServerErrorCode;

  constructor(code: ServerErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'ServerError';
    this.code = code;
  }
}

/** The `code` of a Node system error (`ENOENT`, `EACCES`, ...), or undefined for anything else. */
export function systemCode(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** The text of anything thrown. */
export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
