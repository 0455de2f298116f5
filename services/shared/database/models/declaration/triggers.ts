/**
 * Triggers that call a function shared by several tables. MikroORM would write one function for each
 * trigger; given as an expression, the trigger is created as it stands and compared by its name.
 */
import type { TriggerDef } from '@mikro-orm/core';

type Events = TriggerDef['events'];

export function callsFunction(
  table: string,
  trigger: { readonly name: string; readonly events: Events; readonly function: string },
): TriggerDef {
  const { name, events } = trigger;
  return {
    name,
    timing: 'before',
    events,
    forEach: 'row',
    expression: `create trigger ${name} before ${events.join(' or ')} on ${table} for each row execute function ${trigger.function}()`,
  };
}

/** Keeps created_at and updated_at, so that raw SQL can't forge them. Runs first: triggers fire in the order of their names. */
export function setsTimes(table: string): TriggerDef {
  return callsFunction(table, {
    name: 'a_set_times',
    events: ['insert', 'update'],
    function: 'hub.set_times',
  });
}
