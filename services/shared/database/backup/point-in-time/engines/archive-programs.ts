/** The small programs by which PostgreSQL archives its log and gets it back. `sh`, `gzip`, `cmp`, `ln` and GNU's `sync`: no Node, which the server's user may not reach. */

/**
 * `archive-wal.sh ARCHIVE PATH NAME`. A segment appears under its name by a link, when it is whole and on disk; a link, unlike
 * a rename, fails where the name is taken. The same content again is fine (PostgreSQL asks twice after a crash), other content
 * never is: that would be another server's log. PostgreSQL keeps the segment and tries again as long as the exit code is not 0.
 */
export const archiveProgram = `#!/bin/sh
archive=$1 path=$2 name=$3
draft="$archive/.draft-$name-$$"
trap 'rm -f "$draft"' EXIT
trap 'exit 1' INT TERM HUP
same() {
  gzip -dc "$archive/$name.gz" | cmp -s - "$path" && sync "$archive" && exit 0
  echo "archive-wal: $archive/$name.gz is there with other content and stays as it is: do two servers share this archive?" >&2
  exit 1
}
[ -d "$archive" ] || { echo "archive-wal: $archive is missing: is its disk mounted?" >&2; exit 1; }
[ -e "$archive/$name.gz" ] && same
gzip -nc1 "$path" >"$draft" && sync "$draft" || exit 1
ln "$draft" "$archive/$name.gz" 2>/dev/null || { [ -e "$archive/$name.gz" ] && same; echo "archive-wal: cannot write $archive/$name.gz" >&2; exit 1; }
sync "$archive" || exit 1
`;

/**
 * `fetch-wal.sh ARCHIVE NAME DESTINATION`. Exit code 1 means "not there", which is how PostgreSQL finds the end; a segment that is
 * there and damaged ends the recovery (above 125), because taking it for the end would lose what follows in silence.
 */
export const fetchProgram = `#!/bin/sh
archive=$1 name=$2 destination=$3
[ -d "$archive" ] || { echo "fetch-wal: $archive is missing: is its disk mounted?" >&2; exit 200; }
[ -e "$archive/$name.gz" ] || exit 1
gzip -dc "$archive/$name.gz" >"$destination" && exit 0
rm -f "$destination"
echo "fetch-wal: $archive/$name.gz is damaged" >&2
exit 200
`;

/** One word of a shell command in a PostgreSQL setting, where `%` is special too. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''").replaceAll('%', '%%')}'`;
}
