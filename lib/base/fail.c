/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Setting a dgm_error, and the texts of the statuses. Depends on dragoman.h alone. */
#include "fail.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A message is one line of whole characters: other text, such as a file's name, may bring
 * line ends in, and the fixed size may cut a character in two. */
static void copy_line(char *out, size_t size, const char *text)
{
    size_t n = strlen(text);
    if (n >= size) {
        n = size - 1;
        while (n > size - 4 && ((unsigned char)text[n] & 0xC0) == 0x80)
            n--;
    }
    for (size_t i = 0; i < n; i++) {
        bool control = (unsigned char)text[i] < 0x20 || text[i] == 0x7F;
        out[i] = control ? ' ' : text[i];
    }
    out[n] = '\0';
}

static dgm_status set(dgm_error *err, dgm_status code, int32_t offset, const char *format,
                      va_list args) __attribute__((format(printf, 4, 0)));

static dgm_status set(dgm_error *err, dgm_status code, int32_t offset, const char *format,
                      va_list args)
{
    if (!err || err->code != DGM_OK)
        return code;
    err->code = code;
    err->offset = offset;
    /* One byte more than fits shows whether the last character is whole. */
    char text[sizeof err->text + 1];
    text[0] = '\0';
    vsnprintf(text, sizeof text, format, args);
    copy_line(err->text, sizeof err->text, text);
    return code;
}

dgm_status dgmi_fail(dgm_error *err, dgm_status code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    set(err, code, -1, format, args);
    va_end(args);
    return code;
}

dgm_status dgmi_fail_at(dgm_error *err, dgm_status code, size_t offset,
                        const char *format, ...)
{
    va_list args;
    va_start(args, format);
    set(err, code, offset > INT32_MAX ? INT32_MAX : (int32_t)offset, format, args);
    va_end(args);
    return code;
}

dgm_status dgmi_fail_errno(dgm_error *err, const char *what)
{
    int number = errno;
    char room[128];
    dgm_status code = DGM_E_IO;
    if (number == ENOENT)
        code = DGM_E_NOTFOUND;
    else if (number == ENOMEM)
        code = DGM_E_NOMEM;
    dgmi_fail(err, code, "%s: %s", what, strerror_r(number, room, sizeof room));
    errno = number;
    return code;
}

dgm_status dgmi_fail_memory(dgm_error *err)
{
    return dgmi_fail(err, DGM_E_NOMEM, "out of memory");
}

void dgmi_error_clear(dgm_error *err)
{
    if (!err)
        return;
    err->code = DGM_OK;
    err->offset = -1;
    err->text[0] = '\0';
}

const char *dgm_version(void)
{
    return DGM_VERSION;
}

const char *dgm_status_text(dgm_status status)
{
    switch (status) {
    case DGM_OK:
        return "done";
    case DGM_E_NOMEM:
        return "out of memory";
    case DGM_E_ARG:
        return "not acceptable";
    case DGM_E_NOTFOUND:
        return "not found";
    case DGM_E_LOCKED:
        return "another process is writing";
    case DGM_E_STALE:
        return "the index moved on";
    case DGM_E_CORRUPT:
        return "stored data are damaged";
    case DGM_E_QUERY:
        return "the query cannot be understood";
    case DGM_E_IO:
        return "input or output failed";
    case DGM_E_INTERNAL:
        return "internal fault";
    case DGM_E_TIMEOUT:
        return "the time limit passed";
    }
    return "unknown status";
}
