/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Locks of open file descriptions (fcntl(2)): they belong to the descriptor, not to the
 * process, so threads exclude each other too, and they are gone when it is. Depends on
 * clock and fail. */
#include "lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "fail.h"

enum {
    NAME = 32,          /* room of one holder's name */
    NAP_LEAST = 100000, /* nanoseconds between tries, doubled up to the next */
    NAP_MOST = 5000000
};

dgm_status dgmi_lock_open(const char *path, dgmi_lock *out, dgm_error *err)
{
    *out = (dgmi_lock)DGMI_LOCK_CLOSED;
    char *copy = strdup(path);
    if (!copy)
        return dgmi_fail_memory(err);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0) {
        free(copy);
        return dgmi_fail_errno(err, path);
    }
    out->path = copy;
    out->fd = fd;
    return DGM_OK;
}

void dgmi_lock_close(dgmi_lock *lock)
{
    if (lock->fd >= 0)
        close(lock->fd);
    free(lock->path);
    *lock = (dgmi_lock)DGMI_LOCK_CLOSED;
}

static struct flock byte_of(unsigned which, short type)
{
    return (struct flock){
        .l_type = type, .l_whence = SEEK_SET, .l_start = (off_t)which, .l_len = 1
    };
}

/* ---- Names: for messages only, so on a full disk the lock holds without one ---- */

static void write_name(const dgmi_lock *lock, unsigned which, long id)
{
    char text[NAME + 1];
    snprintf(text, sizeof text, "%-*ld", NAME - 1, id);
    text[NAME - 1] = '\n';
    if (pwrite(lock->fd, text, NAME, (off_t)which * NAME) != NAME)
        errno = 0;
}

/* What the holder wrote about itself, 0 if nothing can be read. */
static long read_name(const dgmi_lock *lock, unsigned which)
{
    char text[NAME];
    ssize_t n = pread(lock->fd, text, sizeof text - 1, (off_t)which * NAME);
    if (n <= 0)
        return 0;
    text[n] = '\0';
    long id = strtol(text, NULL, 10);
    return id > 0 ? id : 0;
}

static dgm_status fail_locked(const dgmi_lock *lock, unsigned which, dgm_error *err)
{
    /* Between taking the lock and writing its number the holder is unnamed, for a moment.
     */
    const struct timespec moment = { 0, NAP_MOST };
    long holder = read_name(lock, which);
    for (int i = 0; i < 20 && holder == 0; i++) {
        nanosleep(&moment, NULL);
        holder = read_name(lock, which);
    }
    if (holder > 0)
        return dgmi_fail(err, DGM_E_LOCKED, "%s: locked by process %ld", lock->path,
                         holder);
    return dgmi_fail(err, DGM_E_LOCKED, "%s: locked by another process", lock->path);
}

/* ---- Taking and giving back ---- */

static bool try_once(const dgmi_lock *lock, unsigned which, bool wait)
{
    struct flock byte = byte_of(which, F_WRLCK);
    return fcntl(lock->fd, wait ? F_OFD_SETLKW : F_OFD_SETLK, &byte) == 0;
}

static bool is_held_elsewhere(int number)
{
    return number == EAGAIN || number == EACCES;
}

dgm_status dgmi_lock_take(dgmi_lock *lock, unsigned which, unsigned ms, dgm_error *err)
{
    uint64_t until = dgmi_now_us() + (uint64_t)ms * 1000;
    struct timespec nap = { 0, NAP_LEAST };
    while (!try_once(lock, which, ms == DGMI_LOCK_FOREVER)) {
        if (errno == EINTR)
            continue;
        if (!is_held_elsewhere(errno))
            return dgmi_fail_errno(err, lock->path);
        if (dgmi_now_us() >= until) /* who is named for nobody need not be waited for */
            return err ? fail_locked(lock, which, err) : DGM_E_LOCKED;
        nanosleep(&nap, NULL);
        nap.tv_nsec = nap.tv_nsec * 2 < NAP_MOST ? nap.tv_nsec * 2 : NAP_MOST;
    }
    write_name(lock, which, (long)getpid());
    return DGM_OK;
}

void dgmi_lock_release(dgmi_lock *lock, unsigned which)
{
    struct flock byte = byte_of(which, F_UNLCK);
    write_name(lock, which, 0);
    fcntl(lock->fd, F_OFD_SETLK, &byte);
}

bool dgmi_lock_is_taken(const dgmi_lock *lock, unsigned which)
{
    struct flock byte = byte_of(which, F_WRLCK);
    return fcntl(lock->fd, F_OFD_GETLK, &byte) == 0 && byte.l_type != F_UNLCK;
}

bool dgmi_lock_stands(const dgmi_lock *lock)
{
    struct stat held, there;
    return fstat(lock->fd, &held) == 0 && stat(lock->path, &there) == 0 &&
           held.st_dev == there.st_dev && held.st_ino == there.st_ino;
}
