import type { Room } from './entry.ts';

export const developmentErrors = {
  'development.project_not_found': {
    status: 404,
    message: 'project[ {project}] was not found; expected the id of one of your projects',
    why: 'There is no such project, or the caller may not see it.',
    fix: 'List your projects and use an id from there.',
  },
  'development.project_name_taken': {
    status: 409,
    message: 'you have a project named[ "{name}"] already; choose another name',
    why: 'The names of one owner’s projects are unique.',
    fix: 'Choose another name, or rename the other project.',
  },
  'development.app_not_found': {
    status: 404,
    message: 'app[ {app}] was not found; expected the id or the slug of an app you may see',
    why: 'There is no such app, or the caller may not see it.',
    fix: 'Check the id or the slug.',
  },
  'development.app_slug_taken': {
    status: 409,
    message: 'the slug[ "{slug}"] is taken; choose another',
    why: 'The slug of an app is its address and unique.',
    fix: 'Choose another slug.',
  },
  'development.version_not_found': {
    status: 404,
    message: 'version[ {version}] was not found; expected a version of an app you may see',
    why: 'The app has no such version, or the caller may not see it.',
    fix: 'List the versions of the app and use one of them.',
  },
  'development.version_exists': {
    status: 409,
    message: 'version[ {version}] of this app exists already; raise the version number',
    why: 'The semantic versions of one app are unique.',
    fix: 'Raise the version number, or change the draft that has it.',
  },
  'development.version_released': {
    status: 409,
    message: 'version[ {version}] is released and never changes; make a new version',
    why: 'A released version is what people bought and cite: the database itself refuses to change or delete it.',
    fix: 'Make a new version. A bad one can be deprecated or yanked.',
  },
} as const satisfies Room<'development'>;
