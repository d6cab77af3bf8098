#!/bin/sh
# A record processor without any library: it answers every request, and checkpoints what it was given.
while read -r line; do
  action=$(printf '%s' "$line" | sed 's/^{"action":"\([a-zA-Z]*\)".*/\1/')
  case "$action" in
    checkpoint) action=processRecords ;;
    processRecords)
      echo 'this line is no message'
      if [ "$SILENT" ]; then continue; fi
      echo '{"action":"checkpoint"}'
      continue
      ;;
  esac
  printf '{"event":"%s"}\n' "$action" >&2
  printf '{"action":"status","responseFor":"%s"}\n' "$action"
done
