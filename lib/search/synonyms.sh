#!/bin/sh
# Prints a C file that holds the built-in synonyms (corpus/synonyms.tsv) as bytes.
set -eu

echo '/* Made by lib/search/synonyms.sh from corpus/synonyms.tsv. */'
echo '#include "synonyms.h"'
echo 'const unsigned char dgmi_synonyms_text[] = {'
od -An -v -tu1 "$1" | sed 's/  */,/g; s/^,//; s/$/,/'
echo '0};'
echo 'const unsigned long dgmi_synonyms_text_size = sizeof dgmi_synonyms_text - 1;'
