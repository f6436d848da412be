/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs a fuzz target over files and over those of folders, without libFuzzer: for `make
 * check`. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return 0;
    char *bytes = NULL;
    size_t n = 0, got, capacity = 0;
    do {
        capacity += 1 << 16;
        char *more = realloc(bytes, capacity);
        if (!more)
            break;
        bytes = more;
        got = fread(bytes + n, 1, capacity - n, f);
        n += got;
    } while (got);
    fclose(f);
    LLVMFuzzerTestOneInput((const uint8_t *)bytes, n);
    free(bytes);
    return 1;
}

/* A folder's files, or the one file that it is. */
static int replay_all(const char *path)
{
    int count = 0;
    struct dirent *entry;
    DIR *folder = opendir(path);
    if (!folder)
        return replay_file(path);
    while ((entry = readdir(folder))) {
        char file[4096];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
        count += replay_file(file);
    }
    closedir(folder);
    return count;
}

int main(int argc, char **argv)
{
    int count = 0;
    for (int i = 1; i < argc; i++)
        count += replay_all(argv[i]);
    LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
    printf("%d inputs replayed\n", count);
    if (!count)
        fprintf(stderr, "no input to replay\n");
    return count ? 0 : 1;
}
