import type { Room } from './entry.ts';

const unavailable = 'the database is not available at the moment; try again in a few seconds';

/** Where the database is, and whether it has been set up. */
export const databasePlaceErrors = {
  'database.not_set_up': {
    status: 503,
    message: 'there is no database in {home} yet; run `npm start`, which makes one',
    publicMessage: unavailable,
    why: 'The embedded server of this folder was never started, or its database was never provisioned.',
    fix: 'Run `npm start`, or `npx qhub db provision` and then `npx qhub db migration up`.',
  },
  'database.not_embedded': {
    status: 500,
    message:
      'the database is the server at {address}, as POSTGRES_HOST or DATABASE_URL says, and not the embedded one; unset these, or start and stop that server with its own tools',
    publicMessage: unavailable,
    why: '`qhub db server start` and `stop` are about the embedded server only.',
    fix: 'Unset `POSTGRES_HOST` and `DATABASE_URL` to use the embedded server.',
  },
  'database.encoding_unsupported': {
    status: 500,
    message:
      'the database "{database}" has the encoding {encoding}; expected UTF8: create another with `create database NAME encoding \'UTF8\' template template0` and name it in POSTGRES_DB',
    publicMessage: unavailable,
    why: 'Texts of all languages are stored, which only the encoding UTF8 can.',
    fix: 'Create a database with the encoding UTF8 and name it in `POSTGRES_DB`.',
  },
} as const satisfies Room<'database'>;
