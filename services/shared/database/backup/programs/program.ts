export type ProgramName =
  | 'pg_dump'
  | 'pg_restore'
  | 'pg_dumpall'
  | 'psql'
  | 'pg_basebackup'
  | 'pg_verifybackup'
  | 'pg_ctl'
  | 'initdb'
  | 'postgres'
  | 'pgbackrest';

export interface Program {
  readonly name: ProgramName;
  /** What stands before the program's own arguments: its path, or `docker compose exec ... pg_dump`. */
  readonly command: readonly string[];
  /** Such as `15.18`. */
  readonly version: string;
  readonly major: number;
  /** `compose`: it runs in the server's container, where our files and addresses are not. */
  readonly where: 'local' | 'compose';
}
