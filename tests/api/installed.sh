#!/bin/sh
# The installed library is enough to build on: headers, exports, pkg-config, and the program of doc/embedding.md.
set -eu

prefix=$B/api/usr
work=$B/api/work
rm -rf "$B/api"
mkdir -p "$work"
${MAKE:-make} --no-print-directory B="$B" SAN="${SAN:-}" PREFIX="$prefix" install >"$work/install.log" 2>&1 ||
    { cat "$work/install.log"; exit 1; }
PKG_CONFIG_PATH=$prefix/lib/pkgconfig
LD_LIBRARY_PATH=$prefix/lib
export PKG_CONFIG_PATH LD_LIBRARY_PATH

echo "the header compiles alone, strictly, as C99, C11, C17 and C++11"
echo '#include <dragoman.h>
int main(void) { return dgm_version() == 0; }' >"$work/header.c"
# shellcheck disable=SC2046
for std in c99 c11 c17; do
    cc -std=$std -Wall -Wextra -pedantic -Werror -c "$work/header.c" \
        $(pkg-config --cflags dragoman) -o "$work/header.o"
done
cp "$work/header.c" "$work/header.cc"
# shellcheck disable=SC2046
c++ -std=c++11 -Wall -Wextra -pedantic -Werror -c "$work/header.cc" \
    $(pkg-config --cflags dragoman) -o "$work/header.o"

echo "each part of the header compiles alone, too"
for part in "$prefix"/include/dragoman/*.h; do
    echo "#include <dragoman/${part##*/}>" >"$work/part.c"
    # shellcheck disable=SC2046
    cc -std=c99 -Wall -Wextra -pedantic -Werror -c "$work/part.c" $(pkg-config --cflags dragoman) -o "$work/part.o"
done

echo "exactly the header's functions are exported"
sed -n 's/^DGM_API .*[ *]\(dgm_[a-z_]*\)(.*/\1/p' "$prefix/include/dragoman.h" \
    "$prefix"/include/dragoman/*.h | sort >"$work/declared"
nm -D --defined-only "$prefix/lib/libdragoman.so" | awk '$3 ~ /^dgm_/ {print $3}' | sort >"$work/exported"
diff "$work/declared" "$work/exported"
others=$(nm -D --defined-only "$prefix/lib/libdragoman.so" | awk '$2 ~ /[TDBR]/ && $3 !~ /^(dgm_|_init|_fini|__)/' | grep -c . || true)
[ "${SAN:-}" ] || [ "$others" = 0 ]

echo "the program of doc/embedding.md builds and finds its item"
# shellcheck disable=SC2016
sed -n '/^```c$/,/^```$/p' doc/embedding.md | sed '/^```/d' >"$work/demo.c"
lines=$(wc -l <"$work/demo.c")
[ "$lines" -le 50 ]
flags="-Wall -Wextra -Werror ${SAN:+-fsanitize=$SAN}"
# shellcheck disable=SC2046,SC2086
cc $flags "$work/demo.c" $(pkg-config --cflags --libs dragoman) -o "$work/demo"
"$work/demo" "$work/data" "cyber attack" | tee "$work/out"
grep -q 'Ministry reports on cyber security: .*attacks' "$work/out"
"$work/demo" "$work/data" "cyber attack" >"$work/again"
[ "$(wc -l <"$work/again")" = 1 ]

echo "it builds against the static library too"
if [ -z "${SAN:-}" ]; then
    mkdir -p "$work/static" && cp "$prefix/lib/libdragoman.a" "$work/static/"
    # shellcheck disable=SC2046
    c++ -x c "$work/demo.c" -x none -I"$prefix/include" "$work/static/libdragoman.a" \
        $(pkg-config --libs $(pkg-config --print-requires-private dragoman)) \
        $(sed -n 's/^Libs.private: //p' "$prefix/lib/pkgconfig/dragoman.pc") -o "$work/demo-static"
    "$work/demo-static" "$work/data" "services" >/dev/null
fi
