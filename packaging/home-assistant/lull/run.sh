#!/bin/sh
# Starts Lull with what the Supervisor knows: the broker and its login. Nothing secret is written down or shown.
set -eu
options=${LULL_APP_OPTIONS:-/data/options.json}
folder=${LULL_APP_CONFIG:-/config}
state=${LULL_APP_STATE:-/data/lull}
supervisor=${LULL_APP_SUPERVISOR:-http://supervisor}
here=$(dirname "$0")

name=$(jq -r '.config // "lull.yaml"' "$options" 2>/dev/null || echo lull.yaml)
case $name in */* | "") echo "the option config must be the name of a file in the app's folder" >&2; exit 1 ;; esac
file=$folder/$name

# The header by a file descriptor: an argument could be read by every process of this machine.
mqtt=$(printf 'Authorization: Bearer %s' "${SUPERVISOR_TOKEN:-}" |
  curl --silent --fail --max-time 10 --header @- "$supervisor/services/mqtt") || mqtt='{}'
host=$(printf %s "$mqtt" | jq -r '.data.host // empty')
port=$(printf %s "$mqtt" | jq -r '.data.port // 1883')
if [ -z "$host" ]; then
  echo "the Supervisor knows no MQTT broker: install the app Mosquitto broker, or write another into $name" >&2
else
  LULL_BROKER_USER=$(printf %s "$mqtt" | jq -r '.data.username // empty')
  LULL_BROKER_PASSWORD=$(printf %s "$mqtt" | jq -r '.data.password // empty')
  export LULL_BROKER_USER LULL_BROKER_PASSWORD
fi
if [ ! -e "$file" ]; then
  zone=${TZ:-UTC}
  sed -e "s|@HOST@|${host:-core-mosquitto}|" -e "s|@PORT@|$port|" -e "s|@ZONE@|$zone|" "$here/starter.yaml" > "$file"
  echo "wrote $file to begin with: name your devices there, then restart the app"
fi
mkdir -p "$state"
exec lull run --config "$file" --state "$state"
