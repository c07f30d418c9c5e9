#!/bin/bash
# PID 1 of a machine: keeps every program in /etc/fleet/services running, until SIGTERM.
keep() {
  trap 'kill "$child"; wait "$child"; exit 0' TERM
  while :; do
    "$1" >>"/var/log/${1##*/}.log" 2>&1 &
    child=$!
    wait "$child"
    sleep 1
  done
}

keepers=()
for service in /etc/fleet/services/*; do
  keep "$service" &
  keepers+=($!)
done
trap 'trap "" TERM; kill "${keepers[@]}"; wait "${keepers[@]}"; exit 0' TERM
while :; do
  wait
done
