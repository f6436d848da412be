/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A body with items on its way into the archive, and a list of items on its way out.
 * Depends on acceptor.h, content.h. */
#ifndef DGMS_DEPOSIT_H
#define DGMS_DEPOSIT_H

#include "acceptor.h"
#include "content.h"

typedef struct dgms_deposit dgms_deposit;
struct dgms_deposit {
    dgms_work work; /* the first member */
    dgms_call *call;
    const dgms_server *server;
    const char *format;    /* of the text, NULL: told from it */
    dgms_content *content; /* of a bulk */
    dgms_fault fault;      /* what kept a bulk from being read on */
    dgmi_buf text;         /* the document; the line; ids, each ended by a NUL */
    size_t at;             /* of the ids: what is done */
    bool bulk, wait;
    char name[48];
    /* How it ended. */
    int status;
    char reason[240];
    /* Makes the reply from all this. searchable: -1 was not asked for, 0 not yet, 1 it
     * is.
     */
    void (*answer)(dgms_deposit *deposit, int searchable);
};

/* Reads the body of the call; NULL with the reply made. Owner: the caller, until it is
 * submitted. */
dgms_deposit *dgms_deposit_new(const dgms_server *server, dgms_call *call);

/* A list of items to be withdrawn, empty. */
dgms_deposit *dgms_withdrawal_new(const dgms_server *server, dgms_call *call);
void dgms_withdrawal_add(dgms_deposit *deposit, const char *id);

/* Hands it over; false means that the call was handed over with it. True: there was no
 * room, the reply is made and the deposit gone. For handlers to return. */
bool dgms_deposit_submit(dgms_deposit *deposit);
void dgms_deposit_free(dgms_deposit *deposit);

/* The usual answers: of one item, or a list. */
void dgms_deposit_answer(dgms_deposit *deposit, int searchable);

#endif
