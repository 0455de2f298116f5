-- Description: Takes back the schema archive; refused while detached partitions lie in it.

drop schema archive;
