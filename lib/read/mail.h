/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the two files that read e-mail share. Depends on GMime, press.h. */
#ifndef DGMI_MAIL_H
#define DGMI_MAIL_H

#include <gmime/gmime.h>

#include "reader.h"

#define DGMI_MAIL_DEPTH 20 /* parts inside parts */

/* The texts of a message, and what else it carries. */
typedef struct dgmi_mail {
    dgmi_buf html, plain; /* clean UTF-8; the one that is empty is not there */
    dgmi_buf notes;       /* {"name":..,"type":..},... of attachments that stay out */
    GPtrArray *attached;  /* GMimeObject: parts that may be documents; borrowed */
    bool too_deep;
} dgmi_mail;

dgm_status dgmi_mail_init(dgmi_mail *mail, dgm_error *err);
void dgmi_mail_clear(dgmi_mail *mail);
/* Sorts the parts of a message into mail. */
void dgmi_mail_walk(dgmi_mail *mail, GMimeObject *top);
/* The bytes of a part, its transfer encoding undone. The caller unrefs. */
GByteArray *dgmi_mail_bytes(GMimeObject *part);

#endif
