#!/bin/sh
# Prints a C file that holds the page's files as arrays, with a table of their names (server/assets.h).
set -eu

echo '/* Made by server/web.sh from server/web/. */'
echo '#include "assets.h"'
i=0
for file in "$@"; do
    echo "static const unsigned char file_${i}[] = {"
    od -An -v -tu1 "$file" | sed 's/  */,/g; s/^,//; s/$/,/'
    echo '0};'
    i=$((i + 1))
done
echo 'const dgms_asset dgms_assets[] = {'
i=0
for file in "$@"; do
    echo "{\"${file##*/}\", file_$i, sizeof file_$i - 1},"
    i=$((i + 1))
done
echo '{0, 0, 0}};'
