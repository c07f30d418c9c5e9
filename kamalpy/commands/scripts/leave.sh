# leave: whoever reads what is written is gone, as standard input tells; so is all that is in this session
leave() {
  while read -r _; do :; done
  kill -TERM 0
}
