/** squawk's rules that are about one of our hazards: a header that names the hazard has answered them. */
import type { Hazard } from '../header.ts';

export const squawkHazards: Readonly<Record<string, readonly Hazard[]>> = {
  'ban-drop-table': ['drop-table'],
  'ban-drop-column': ['drop-column'],
  'ban-truncate-cascade': ['cascade'],
  'changing-column-type': ['change-type', 'narrow-type'],
  'adding-not-nullable-field': ['not-null-without-default', 'blocking-constraint'],
  'adding-required-field': ['not-null-without-default'],
  'adding-field-with-default': ['blocking-constraint'],
  'renaming-column': ['rename'],
  'renaming-table': ['rename'],
  'require-concurrent-index-creation': ['blocking-index'],
  'require-concurrent-index-deletion': ['blocking-index'],
  'require-concurrent-reindex': ['blocking-index'],
  'adding-foreign-key-constraint': ['blocking-constraint'],
  'constraint-missing-not-valid': ['blocking-constraint'],
  'disallowed-unique-constraint': ['blocking-constraint'],
};
