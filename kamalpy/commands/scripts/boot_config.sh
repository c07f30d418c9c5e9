# Print the files of kamal proxy boot_config, one a line.
for file in options image image_version run_command; do
  [ ! -r ".kamal/proxy/$file" ] || printf '%s %s\n' "$file" "$(tr '\n' ' ' <".kamal/proxy/$file")"
done
true
