#!/bin/sh
# Prints a C file that holds the table of topics (lib/item/topics.tsv) as bytes.
set -eu

echo '/* Made by lib/item/topics.sh from lib/item/topics.tsv. */'
echo '#include "topics.h"'
echo 'const unsigned char dgmi_topics[] = {'
od -An -v -tu1 "$1" | sed 's/  */,/g; s/^,//; s/$/,/'
echo '0};'
echo 'const unsigned long dgmi_topics_size = sizeof dgmi_topics - 1;'
