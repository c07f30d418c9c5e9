# leave: wait for the end of standard input, which means that the client is gone, then end this session
leave() {
  while read -r _; do :; done
  kill -TERM 0
}
