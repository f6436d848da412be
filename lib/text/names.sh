#!/bin/sh
# Prints a C file that holds the table of names (lib/text/names.tsv) as bytes.
set -eu

echo '/* Made by lib/text/names.sh from lib/text/names.tsv. */'
echo '#include "nametable.h"'
echo 'const unsigned char dgmi_names_text[] = {'
od -An -v -tu1 "$1" | sed 's/  */,/g; s/^,//; s/$/,/'
echo '0};'
echo 'const unsigned long dgmi_names_text_size = sizeof dgmi_names_text - 1;'
