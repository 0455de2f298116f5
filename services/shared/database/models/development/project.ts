import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { serviceRoles } from '../../provision/roles.ts';
import { base } from '../declaration/base.ts';
import { text } from '../declaration/fields.ts';
import { actor, forced, policy, upkeep } from '../declaration/row-security.ts';
import { immutable } from '../declaration/rules.ts';
import { setsTimes } from '../declaration/triggers.ts';
import { User } from '../identity/user.ts';
import { QuantumApp } from './quantum-app.ts';

/** A developer's workplace; once something is released from it, it has an app. */
export const Project = defineEntity({
  name: 'Project',
  schema: 'development',
  tableName: 'projects',
  comment: "Developers' workplaces, from which apps are released.",
  properties: {
    ...base(),
    owner: () => immutable(p.manyToOne(User).ref().deleteRule('restrict').comment('Whose project it is.')),
    name: text({ min: 1, max: 100 }).comment('Unique among the projects of its owner.'),
    description: text({ max: 5000 }).nullable().comment('What it is about, as Markdown.'),
    repositoryUrl: text({ max: 2000, pattern: /^(https|ssh):\/\// })
      .nullable()
      .comment('Where the sources are.'),
    app: () =>
      p
        .oneToOne(QuantumApp)
        .inversedBy('project')
        .ref()
        .owner()
        .nullable()
        .deleteRule('set null')
        .comment('The app released from it, once there is one.'),
  },
  uniques: [{ properties: ['owner', 'name'] }],
  ...forced,
  policies: [
    policy('projects_own', [serviceRoles.development], 'all', `owner_id = ${actor}`),
    ...upkeep('projects'),
  ],
  triggers: [setsTimes('development.projects')],
});
export type Project = InferEntity<typeof Project>;
