# shellcheck shell=sh
# Words of the form name=value become variables, up to a word that is -- alone; what follows stays in "$@".
while [ $# -gt 0 ]; do
  [ "$1" != -- ] || { shift; break; }
  eval "${1%%=*}=\${1#*=}"
  shift
done
