#!/bin/sh
# What `mentorium backup` does, by PostgreSQL's own image alone, since ours has no pg_dump: `mentorium restore` takes the
# result (docs/BACKUPS.md). Written under another name, read to its end, and only then renamed.
set -eu
umask 077
export PGHOST="$DB_HOST" PGPORT="${DB_PORT:-5432}" PGUSER="$DB_USER" PGPASSWORD="$DB_PASSWORD" PGDATABASE="$DB_NAME"
export PGAPPNAME=mentorium-backup

name=$(printf %s "$DB_NAME" | LC_ALL=C tr -c 'A-Za-z0-9_-' _)
file=$BACKUP_DIR/$name-$(date -u +%Y%m%dT%H%M%SZ).dump
trap 'rm -f "$file.part" "$file.sha256.part"' EXIT

pg_dump --format=custom --no-password --file="$file.part"
pg_restore --file=/dev/null "$file.part" # --list would read the table of contents alone
sha256sum "$file.part" | sed "s|  .*|  ${file##*/}|" >"$file.sha256.part"
sync "$file.part" "$file.sha256.part"
mv "$file.sha256.part" "$file.sha256"
mv "$file.part" "$file"
sync "$BACKUP_DIR"
echo "$file, $(wc -c <"$file") bytes"

stamp='????????T??????Z'
find "$BACKUP_DIR" -maxdepth 1 \( -name "$name-$stamp.dump" -o -name "$name-$stamp.dump.sha256" \) \
    ! -name "${file##*/}*" -mmin +$((BACKUP_KEEP_DAYS * 1440)) -print -delete
find "$BACKUP_DIR" -maxdepth 1 -name "$name-$stamp.*.part" -mmin +1440 -delete
