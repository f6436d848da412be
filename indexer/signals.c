/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signals on a loop: a handler only counts and wakes. Depends on signals.h, lib/base. */
#include "signals.h"

#include <errno.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "fail.h"

static volatile sig_atomic_t stop, hung_up;
static int wake_fd = -1;
static struct {
    loop *loop;
    void (*hangup)(void *user);
    void *user;
} told;

static void on_signal(int number)
{
    uint64_t one = 1;
    int before = errno;
    if (number == SIGHUP)
        hung_up = 1;
    else
        stop = 1;
    if (write(wake_fd, &one, sizeof one) < 0)
        errno = before;
    errno = before;
}

static void on_wake(void *user, int fd, short events)
{
    uint64_t n;
    (void)user, (void)events;
    if (read(fd, &n, sizeof n) < 0 && errno != EAGAIN)
        stop = 1;
    if (stop)
        loop_stop(told.loop);
    if (!hung_up || stop)
        return;
    hung_up = 0;
    told.hangup(told.user);
}

dgm_status signals_watch(loop *l, void (*hangup)(void *user), void *user, dgm_error *err)
{
    struct sigaction end = { .sa_handler = on_signal,
                             .sa_flags = SA_RESTART | (int)SA_RESETHAND };
    struct sigaction again = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
    wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (wake_fd < 0)
        return dgmi_fail_errno(err, "eventfd");
    told.loop = l;
    told.hangup = hangup;
    told.user = user;
    sigemptyset(&end.sa_mask);
    sigemptyset(&again.sa_mask);
    sigaction(SIGTERM, &end, NULL);
    sigaction(SIGINT, &end, NULL);
    sigaction(SIGHUP, &again, NULL);
    signal(SIGIO, SIG_IGN); /* sent to who leases a file that is about to be written */
    if (loop_watch(l, wake_fd, POLLIN, on_wake, NULL) != DGM_OK)
        return dgmi_fail_memory(err);
    return DGM_OK;
}

void signals_end(void)
{
    if (wake_fd >= 0)
        close(wake_fd);
    wake_fd = -1;
}

const volatile sig_atomic_t *signals_stop(void)
{
    return &stop;
}
