/**
 * The questions that `readCatalog` asks. Everything comes back as the server itself prints it, with an empty search
 * path, so that two databases that hold the same give the same texts. Partitions are left out: upkeep makes them.
 */

const relations = `
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where n.nspname !~ '^(pg_|information_schema$|hub$)' and c.relkind in ('r', 'p') and not c.relispartition`;

const place = `n.nspname || '.' || c.relname as "table"`;

const grantsOf = (acl: string, subject: string, columns: string) => `
  array(select format('grant %s${columns} on ${subject} to %s', a.privilege_type, n.nspname, c.relname,
                      case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end)
          from aclexplode(${acl}) a where a.grantee <> c.relowner order by 1)`;

const tables = `
select ${place}, n.nspname as "schema", c.relname as "name", obj_description(c.oid, 'pg_class') as "comment",
       c.relrowsecurity as "rowSecurity", c.relforcerowsecurity as "forceRowSecurity", c.reloptions as "options",
       case c.relkind when 'p' then pg_get_partkeydef(c.oid) end as "partitionKey",
       array(select json_build_object('schema', pn.nspname, 'name', p.relname, 'bounds', pg_get_expr(p.relpartbound, p.oid))
               from pg_inherits i join pg_class p on p.oid = i.inhrelid join pg_namespace pn on pn.oid = p.relnamespace
              where i.inhparent = c.oid order by p.relname) as "partitions",
       ${grantsOf('c.relacl', '%I.%I', '')} as "grants"
${relations} order by 1`;

const columns = `
select ${place}, a.attname as "name", format_type(a.atttypid, a.atttypmod) as "type", a.attnotnull as "notNull",
       case a.attgenerated when '' then pg_get_expr(d.adbin, d.adrelid) end as "default",
       case a.attgenerated when 's' then pg_get_expr(d.adbin, d.adrelid) end as "generated",
       case a.attidentity when 'a' then 'always' when 'd' then 'by default' end as "identity",
       case when a.attcollation <> t.typcollation then a.attcollation::regcollation::text end as "collation",
       col_description(c.oid, a.attnum) as "comment",
       array(select format('grant %s (%I) on %I.%I to %s', g.privilege_type, a.attname, n.nspname, c.relname,
                           case g.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(g.grantee)) end)
               from aclexplode(a.attacl) g where g.grantee <> c.relowner order by 1) as "grants"
${relations.replace(
  'where',
  `join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  join pg_type t on t.oid = a.atttypid left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
 where`,
)} order by 1, a.attnum`;

const names = (keys: string, relation: string) => `
  array(select x.attname::text from unnest(${keys}) with ordinality k (num, at)
          join pg_attribute x on x.attrelid = ${relation} and x.attnum = k.num order by k.at)`;

// PostgreSQL 18 keeps NOT NULL among the constraints; it is read with the columns. Children of a parent's constraint follow it.
const constraints = `
select ${place}, o.conname as "name", o.contype::text as "kind", pg_get_constraintdef(o.oid) as "definition",
       ${names('o.conkey', 'o.conrelid')} as "columns",
       (select f.relnamespace::regnamespace::text || '.' || f.relname from pg_class f where f.oid = o.confrelid) as "references",
       ${names('o.confkey', 'o.confrelid')} as "referenced"
${relations.replace('where', 'join pg_constraint o on o.conrelid = c.oid where')}
   and o.contype in ('p', 'u', 'x', 'f', 'c') and o.conparentid = 0 order by 1, 2`;

// An index on a partitioned table is printed with ONLY, and made with it would stay without its parts.
const indexes = `
select ${place}, x.relname as "name", replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ') as "definition",
       i.indisunique as "unique", i.indisvalid as "valid"
${relations.replace('where', 'join pg_index i on i.indrelid = c.oid join pg_class x on x.oid = i.indexrelid where')}
   and not exists (select from pg_constraint o where o.conindid = i.indexrelid and o.contype in ('p', 'u', 'x'))
 order by 1, 2`;

const triggers = `
select ${place}, g.tgname as "name", pg_get_triggerdef(g.oid) as "definition", g.tgenabled::text as "enabled",
       g.tgtype & 32 <> 0 as "onTruncate"
${relations.replace('where', 'join pg_trigger g on g.tgrelid = c.oid where')}
   and not g.tgisinternal and g.tgparentid = 0 order by 1, 2`;

const policies = `
select ${place}, y.polname as "name",
       concat_ws(' ', 'as', case when y.polpermissive then 'permissive' else 'restrictive' end,
         'for', case y.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
         'to', (select string_agg(case r when 0 then 'public' else quote_ident(pg_get_userbyid(r)) end, ', ' order by pg_get_userbyid(r))
                  from unnest(y.polroles) r),
         'using (' || pg_get_expr(y.polqual, y.polrelid) || ')',
         'with check (' || pg_get_expr(y.polwithcheck, y.polrelid) || ')') as "definition"
${relations.replace('where', 'join pg_policy y on y.polrelid = c.oid where')} order by 1, 2`;

const schemas = `
select nspname as "name" from pg_catalog.pg_namespace where nspname !~ '^(pg_|information_schema$|hub$)' order by 1`;

/** In this order, as one message. */
export const catalogSql = `set search_path = pg_catalog;
${[schemas, tables, columns, constraints, indexes, triggers, policies].join(';\n')};
reset search_path`;
