/** The services of the catalogue of roles: as one of them every statement of this room runs. */
export type ServiceRole = 'identity' | 'development' | 'marketplace' | 'execution';
