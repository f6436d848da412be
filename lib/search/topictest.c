/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Trying a topic's examples. Depends on lib/index, topicfile.h. */
#include <stdlib.h>
#include <string.h>

#include "analyse.h"
#include "fail.h"
#include "fold.h"
#include "schema.h"
#include "topicfile.h"

/* A copy of the one topic, for a tagger to own. */
static dgm_status tagger_for(const dgm_topic *topic, dgmi_tagger **out, dgm_error *err)
{
    dgm_topics *one = NULL;
    dgm_status status = dgm_topics_read(topic->file, NULL, NULL, &one, err);
    if (status == DGM_OK && one->n == 0)
        status = dgmi_fail(err, DGM_E_ARG, "%s: is no topic any more", topic->file);
    if (status == DGM_OK)
        return dgmi_tagger_of(one, "", out, err);
    dgm_topics_free(one);
    return status;
}

static dgm_status exact_term(const char *label, dgmi_buf *out, dgm_error *err)
{
    const dgmi_schema_field *field = dgmi_schema_find(dgmi_str_of("topic"));
    dgmi_buf key;
    dgmi_buf_init(&key, 0);
    dgmi_fold_key(&key, label, strlen(label));
    dgmi_buf_reset(out);
    dgmi_schema_exact(out, field->prefix, key.p, key.n);
    bool failed = key.failed || out->failed;
    dgmi_buf_clear(&key);
    return failed ? dgmi_fail_memory(err) : DGM_OK;
}

static dgm_status try_example(dgmi_analyser *a, dgm_topic_example *example, dgmi_str term,
                              dgm_error *err)
{
    dgmx_doc *doc = NULL;
    uint64_t none = 0;
    dgm_item item = { .id = "example",
                      .title = "",
                      .language = "en",
                      .paragraphs = &example->text,
                      .n_paragraphs = 1,
                      .published = DGM_NO_TIME,
                      .updated = DGM_NO_TIME,
                      .fetched = DGM_NO_TIME,
                      .embargo = DGM_NO_TIME };
    dgmi_stored stored = { .digests = &none, .places = &none, .n_digests = 1 };
    dgm_status status = dgmi_analyse(a, &item, &stored, 100, &doc, NULL, err);
    if (status == DGM_OK)
        status = dgmx_doc_has_term(doc, term.p, term.n, &example->matched, err);
    dgmx_doc_free(doc);
    return status;
}

static dgm_status test_topic(dgmi_analyser *a, dgm_topic *topic, dgm_error *err)
{
    dgmi_tagger *tagger = NULL;
    dgmi_buf term;
    dgmi_buf_init(&term, 0);
    dgm_status status = exact_term(topic->label, &term, err);
    if (status == DGM_OK)
        status = tagger_for(topic, &tagger, err);
    dgmi_analyser_set_tagger(a, tagger);
    for (size_t i = 0; i < topic->n_examples && status == DGM_OK; i++)
        status = try_example(a, &topic->examples[i], dgmi_buf_str(&term), err);
    dgmi_analyser_set_tagger(a, NULL);
    dgmi_tagger_free(tagger);
    dgmi_buf_clear(&term);
    return status;
}

dgm_status dgm_topics_test(dgm_topics *topics, dgm_error *err)
{
    dgmi_analyser *a = NULL;
    if (!topics)
        return dgmi_fail(err, DGM_E_ARG, "there are no topics");
    dgm_status status = dgmi_analyser_new(&a, err);
    for (size_t i = 0; i < topics->n && status == DGM_OK; i++)
        status = test_topic(a, &topics->list[i], err);
    dgmi_analyser_free(a);
    return status;
}
