/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The language detector: cld2 behind C. Of C++ because cld2's interface is; what it
 * throws ends in lib/xapian's guard. Depends on detect.h, lib/xapian/guard.hh, cld2. */
#include "detect.h"

#include <cstdio>
#include <cstring>

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

#include "guard.hh"

namespace
{

/* Share of the text that its main language must have: less is a mixture. */
constexpr unsigned percent_least = 60;

/* The primary tag, in lower case: "zh-Hant" is "zh", and cld2's "iw" is today's "he". */
void put_tag(const char *code, char out[9])
{
    static const struct {
        const char *old, *now;
    } renamed[] = { { "iw", "he" }, { "jw", "jv" }, { "in", "id" }, { "no", "nb" } };
    std::size_t n = 0;
    for (; n < 8 && code[n] >= 'a' && code[n] <= 'z'; n++)
        out[n] = code[n];
    out[n] = '\0';
    for (const auto &r : renamed) {
        if (std::strcmp(out, r.old) == 0)
            std::snprintf(out, 9, "%s", r.now);
    }
}

void detect(const char *p, int n, dgmi_detected *out)
{
    const CLD2::CLDHints none = { nullptr, nullptr, CLD2::UNKNOWN_ENCODING,
                                  CLD2::UNKNOWN_LANGUAGE };
    CLD2::Language languages[3];
    int percents[3];
    double scores[3];
    int bytes = 0;
    bool reliable = false;
    CLD2::Language best = CLD2::ExtDetectLanguageSummary(
        p, n, true, &none, 0, languages, percents, scores, nullptr, &bytes, &reliable);
    if (!reliable || best == CLD2::UNKNOWN_LANGUAGE || best != languages[0] ||
        percents[0] < static_cast<int>(percent_least))
        return;
    put_tag(CLD2::LanguageCode(best), out->language);
    out->percent = static_cast<unsigned>(percents[0]);
}

} // namespace

extern "C" dgm_status dgmi_detect_language(const char *p, size_t n, dgmi_detected *out,
                                           dgm_error *err)
{
    *out = dgmi_detected{};
    dgmi_letters letters = dgmi_count_letters(p, n);
    std::size_t weight = letters.script == DGMI_SCRIPT_EAST_ASIAN ? 4 : 1;
    if (n > INT32_MAX || letters.all * weight < DGMI_DETECT_LETTERS)
        return DGM_OK;
    return dgmx::guard(err, [&] { detect(p, static_cast<int>(n), out); });
}
