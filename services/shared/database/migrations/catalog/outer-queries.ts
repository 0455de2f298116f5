/** What joins a database to others: publications, subscriptions, foreign servers. Never a secret, which their options may hold. */
import { byHand, comment, facts, noDetails } from './facts.ts';

// Row filters and lists of columns came with PostgreSQL 15; the view shows the former, and nothing where there is none.
const publishedTables = `(select string_agg(concat_ws(' ', prrelid::regclass,
      '(' || (select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute, jsonb_array_elements_text(nullif(to_jsonb(r) -> 'prattrs', 'null')) as listed (number)
               where attrelid = prrelid and attnum = listed.number::integer) || ')',
      'where ' || (select to_jsonb(t) ->> 'rowfilter' from pg_publication_tables t join pg_namespace n on n.nspname = t.schemaname join pg_class c on c.relnamespace = n.oid and c.relname = t.tablename
                    where t.pubname = p.pubname and c.oid = prrelid)), ', ' order by prrelid::regclass::text)
    from pg_publication_rel r where prpubid = p.oid)`;

const publications = `select 'publication' as kind, quote_ident(p.pubname) as name, null as parent, ${facts({
  'all tables': 'puballtables',
  verbs: `concat_ws(', ', case when pubinsert then 'insert' end, case when pubupdate then 'update' end, case when pubdelete then 'delete' end, case when pubtruncate then 'truncate' end)`,
  tables: publishedTables,
  'via root': `case when pubviaroot then 'yes' end`,
  'generated columns': `nullif(to_jsonb(p) ->> 'pubgencols', 'n')`,
  owner: 'p.pubowner::regrole',
  comment: comment('p.oid', 'pg_publication'),
})}, ${noDetails} from pg_publication p`;

const publishedSchemas = `select 'publication of schema' as kind, quote_ident(s.nspname) || ' by ' || quote_ident(p.pubname) as name,
    'publication ' || quote_ident(p.pubname) as parent, '{}'::jsonb as facts, ${noDetails}
  from pg_publication_namespace pn join pg_publication p on p.oid = pn.pnpubid join pg_namespace s on s.oid = pn.pnnspid`;

/** The columns that everybody may read: where it connects to, and how, is none of them. */
const subscriptions = `select 'subscription' as kind, quote_ident(subname) as name, null as parent, ${facts({
  enabled: 'subenabled',
  publications: `array_to_string(subpublications, ', ')`,
  slot: 'subslotname',
  owner: 'subowner::regrole',
})}, ${noDetails} from pg_subscription where subdbid = (select oid from pg_database where datname = current_database())`;

const wrappers = `select 'foreign data wrapper' as kind, quote_ident(fdwname) as name, null as parent, ${facts(
  {
    owner: 'fdwowner::regrole',
    functions: `nullif(concat_ws(' ', nullif(fdwhandler, 0)::regproc, nullif(fdwvalidator, 0)::regproc), '')`,
    options: `array_to_string(fdwoptions, ', ')`,
    comment: comment('w.oid', 'pg_foreign_data_wrapper'),
  },
)}, ${noDetails} from pg_foreign_data_wrapper w where ${byHand('pg_foreign_data_wrapper', 'w.oid')}`;

const servers = `select 'foreign server' as kind, quote_ident(srvname) as name, 'foreign data wrapper ' || quote_ident(fdwname) as parent, ${facts(
  {
    owner: 'srvowner::regrole',
    definition: `nullif(concat_ws(' ', srvtype, srvversion), '')`,
    options: `array_to_string(srvoptions, ', ')`,
    comment: comment('s.oid', 'pg_foreign_server'),
  },
)}, ${noDetails} from pg_foreign_server s join pg_foreign_data_wrapper w on w.oid = s.srvfdw where ${byHand('pg_foreign_server', 's.oid')}`;

const mappings = `select 'user mapping' as kind, 'for ' || case umuser when 0 then 'public' else umuser::regrole::text end || ' on ' || quote_ident(srvname) as name,
    'foreign server ' || quote_ident(srvname) as parent, '{}'::jsonb as facts, ${noDetails} from pg_user_mappings`;

export const outerQueries: readonly string[] = [publications, subscriptions, wrappers, servers, mappings];

/** Those of PostgreSQL 15 and newer. */
export const outerQueriesSince15: readonly string[] = [publishedSchemas];
