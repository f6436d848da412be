/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Proposals as JSON. Depends on json_out.h. */
#include "json_out.h"

void dgmi_json_proposals(dgmi_buf *out, const dgm_proposals *proposals)
{
    dgmi_buf_putc(out, '{');
    dgmi_json_put_text(out, "q", proposals->q);
    dgmi_json_put_text(out, "revision", proposals->revision);
    dgmi_json_key(out, "suggestions");
    dgmi_buf_putc(out, '[');
    for (size_t i = 0; i < proposals->n; i++) {
        const dgm_proposal *p = &proposals->list[i];
        dgmi_buf_puts(out, i > 0 ? ",{" : "{");
        dgmi_json_put_text(out, "kind", p->kind);
        dgmi_json_put_text(out, "text", p->text);
        dgmi_json_put_text(out, "query", p->query);
        dgmi_json_put_number(out, "count", p->count);
        dgmi_buf_putc(out, '}');
    }
    dgmi_buf_puts(out, "]}");
}

void dgmi_json_completions(dgmi_buf *out, const dgm_proposals *proposals)
{
    dgmi_buf_putc(out, '[');
    dgmi_json_string(out, proposals->q);
    dgmi_buf_puts(out, ",[");
    for (size_t i = 0; i < proposals->n; i++) {
        dgmi_buf_puts(out, i > 0 ? "," : "");
        dgmi_json_string(out, proposals->list[i].text);
    }
    dgmi_buf_puts(out, "]]");
}
