import { defineEntity, p } from '@mikro-orm/postgresql';
import type { Client } from 'pg';

/** Two small tables of the tests of this folder: what they show must not depend on the models. */
export const Note = defineEntity({
  name: 'Note',
  schema: 'scratch',
  tableName: 'notes',
  properties: {
    id: p.uuid().primary(),
    owner: p.uuid(),
    text: p.text(),
    amount: p.bigint('bigint').defaultRaw('0'),
    at: p.datetime().fieldName('created_at').defaultRaw('now()'),
    tags: () => p.oneToMany(Tag).mappedBy('note'),
  },
});

export const Tag = defineEntity({
  name: 'Tag',
  schema: 'scratch',
  tableName: 'tags',
  properties: {
    id: p.uuid().primary(),
    note: () => p.manyToOne(Note).fieldName('note_id'),
    name: p.text(),
  },
});

export const scratchOrm = { entities: [Note, Tag] };

/** Tables as the models make theirs: rows with an owner under FORCE, for one service only. */
export async function createScratchSchema(admin: Client): Promise<void> {
  await admin.query(`
    create schema scratch;
    create table scratch.notes (
      id uuid primary key,
      owner uuid not null,
      text text not null constraint notes_text_check check (text <> ''),
      amount bigint not null default 0,
      created_at timestamptz not null default now(),
      constraint notes_owner_text_unique unique (owner, text)
    );
    create table scratch.tags (
      id uuid primary key,
      note_id uuid not null constraint tags_note_id_fkey references scratch.notes
        deferrable initially immediate,
      name text not null
    );
    create table scratch.counters (name text primary key, value int not null);
    insert into scratch.counters values ('a', 0), ('b', 0);
    alter table scratch.notes enable row level security, force row level security;
    create policy notes_owner on scratch.notes to qhub_execution
      using (owner = (select nullif(current_setting('qhub.actor', true), '')::uuid));
    grant usage on schema scratch to qhub_execution, qhub_identity;
    grant select, insert, update, delete on all tables in schema scratch to qhub_execution;
    create function scratch.refuse(word text) returns void language plpgsql as $$
      begin raise exception 'refused: %', word using errcode = 'check_violation', constraint = 'notes_custom'; end $$;
    grant execute on function scratch.refuse to qhub_execution;
  `);
}
