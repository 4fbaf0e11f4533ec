# SPDX-License-Identifier: Apache-2.0
"""Edits that tighten a text: each a function of (text, random) to the edited text, or None where it finds no place.

The reverse of each loosens it. The direction holds by construction, not by reading the result.
"""

import re

DISCLAIMER = re.compile(r"warrant|liab|damages|merchantab", re.I)
USER = r"(?:you|licensees?|recipients?|anyone|everyone|any person|users?|the user)"


def sentences(text):
    """(begin, end) of what stands between full stops, in running text."""
    spans, begin = [], 0
    for match in re.finditer(r"[.](?=\s+[A-Z\"\u201c(]|\s*$)|\n[ \t]*\n", text):
        end = match.start() + 1 if match[0] == "." else match.start()
        if end - begin > 30:
            lead = len(text[begin:end]) - len(text[begin:end].lstrip())
            spans.append((begin + lead, end))
        begin = match.end()
    return spans


def replace_one(text, pattern, replacement, random, flags=re.I, where=None):
    places = []
    spans = sentences(text)
    for match in re.finditer(pattern, text, flags):
        sentence = next((text[b:e] for b, e in spans if b <= match.start() < e), "")
        if sentence and not DISCLAIMER.search(sentence) and (where is None or where(sentence)):
            places.append(match)
    if not places:
        return None
    match = random.choice(places)
    return text[:match.start()] + match.expand(replacement) + text[match.end():]


def add_sentence(text, sentence, random):
    parts = re.split(r"(\n[ \t]*\n)", text)
    ends = [i for i in range(2, len(parts), 2) if parts[i].strip().endswith(".") and len(parts[i].split()) > 12]
    if not ends or random.random() < 0.3:
        return text.rstrip() + "\n\n" + sentence + "\n"
    i = random.choice(ends)
    joint = "\n\n" if random.random() < 0.5 else " "
    parts[i] = parts[i].rstrip() + joint + sentence
    return "".join(parts)


def drop(text, pattern, random, where=None):
    places = [(b, e) for b, e in sentences(text) if re.search(pattern, text[b:e], re.I) and not DISCLAIMER.search(text[b:e])
              and not text[b:e].rstrip().endswith(":") and (where is None or where(text[b:e]))]
    if not places:
        return None
    b, e = random.choice(places)
    return text[:b] + text[e:].lstrip(" .")


def added(*choices):
    def edit(text, random):
        return add_sentence(text, random.choice(choices), random)
    return edit


def not_in_grant(text, random):
    return replace_one(text, rf"\b({USER}\s+may)\s+(?=(?:use|copy|reproduce|distribute|modify|create|sublicense|convey|make|share|sell|"
                       r"publish|prepare|add|charge|redistribute|place|choose)\b)", r"\1 not ", random,
                       where=lambda s: not re.search(r"\b(only|except|unless|not|no)\b", s, re.I))


def grant_withdrawn(text, random):
    new = replace_one(text, r"\b(permission is|is|are) (hereby )?(granted)\b", r"\1 not \3", random,
                      where=lambda s: not re.search(r"\b(no|not|without)\b.*granted", s, re.I))
    return new or replace_one(text, r"\bhereby grants?\b", "does not grant", random)


def threshold_lowered(text, random):
    new = replace_one(text, r"\b(\d+)00 million\b", r"\g<1>0 million", random)
    new = new or replace_one(text, r"\$ ?(\d+)0( ?million|M\b)", r"$\1\2", random)
    return new or replace_one(text, r"\$ ?(\d+),000,000\b", r"$\g<1>00,000", random)


def grant_item_removed(text, random):
    verbs = r"(?:reproduce|modify|distribute|sublicense|sell|publish|publicly display|publicly perform|merge|copy|prepare derivative works of)"
    return replace_one(text, rf", {verbs}(?=,)", "", random,
                       where=lambda s: re.search(r"\b(may|grants?|granted|permitted|right to)\b", s) and not re.search(r"\bnot\b|neither", s))


def grant_word_removed(text, random):
    return replace_one(text, r"(?<!-)\b(perpetual|irrevocable|worldwide|royalty-free|no-charge|fully paid[- ]up|sublicensable),? +(?=[a-z])", "", random,
                       where=lambda s: re.search(r"\b(grants?|granted|license)\b", s) and not re.search(r"\bnot\b", s))


def permission_dropped(text, random):
    return drop(text, rf"^\W*(?:\(?\w{{1,3}}[.)] )?{USER} (?:may|are free to|are permitted to|can)\b(?! not)", random,
                lambda s: not re.search(r"\b(not|must|shall|only|provided|unless|if|required)\b", s, re.I))


def exception_removed(text, random):
    return replace_one(text, r",? (?:except|unless) [^.;:()]{10,150}(?=[.;])", "", random,
                       where=lambda s: re.search(rf"\b{USER} (may not|shall not|must not|cannot|will not)\b", s, re.I))


def ban_item_added(text, random):
    item = random.choice([" or for surveillance", " or to operate a competing service", " or for political campaigning"])
    return replace_one(text, rf"(\b(?:{USER}|and) (?:may not|shall not|must not|will not|cannot|agree not to)\b[^.;:]{{20,200}})(?=\.)", rf"\1,{item}", random,
                       where=lambda s: not re.search(r"\b(except|unless|only|provided|if|until)\b", s, re.I))


def duty_item_added(text, random):
    return replace_one(text, rf"(\b{USER} (?:must|shall|are required to|agrees? to)\b (?!not)[^.;:]{{20,200}})(?=\.)",
                       r"\1 and publish the source code of all modifications", random,
                       where=lambda s: not re.search(r"\b(except|unless|only|not|no|may)\b", s, re.I))


def only_inserted(text, random):
    limit = random.choice(["solely for non-commercial purposes", "only for academic research", "solely for internal evaluation"])
    return replace_one(text, rf"\b({USER} may (?:use|copy|reproduce|distribute|modify)\b[^.;:]{{5,120}})(?=\.)", rf"\1 {limit}", random,
                       where=lambda s: not re.search(r"\b(not|no|unless|except|only|solely)\b", s, re.I))


def purpose_narrowed(text, random):
    new = replace_one(text, r"\bfor any purpose\b", "for any non-commercial purpose", random, where=lambda s: not re.search(r"\bnot\b", s))
    return new or replace_one(text, r"\b(to use|to copy|use and distribute|use, copy)\b(?=[ ,])", r"\1 for research purposes", random,
                              where=lambda s: re.search(r"\b(grants?|granted|may|permitted)\b", s) and not re.search(r"\b(not|nothing|nor|no)\b", s, re.I))


def period_shortened(text, random):
    return replace_one(text, r"\b(?:30|60|90|thirty|sixty) (?:\(\d+\) )?(days)\b(?=[^.]{0,80}\b(?:notice|cure|written|receipt|violation|breach)|[^.]{0,5}(?:after|of|prior))",
                       r"7 \1", random, where=lambda s: re.search(r"notice|cure|breach|terminat|violation", s, re.I))


def duty_made_firm(text, random):
    return replace_one(text, rf"\b({USER}) (?:should|may wish to|are encouraged to)\b(?! not)", r"\1 must", random)


def definition_widened(text, random):
    term = r"[\"\u201c](?:[\w ]*(?:Derivative|(?<!Non)(?<!Non-)Commercial|Affiliate|Competitor|Adapted|Modified|Modification)[\w ]*)[\"\u201d]"
    return replace_one(text, rf"({term}[^.;:]{{0,30}}(?:means?|shall mean|refers to)[^.;:]{{20,400}})(?=\.)",
                       r"\1, including any model trained on its outputs and any use inside an organisation", random)


def ban_added_to_lead(text, random):
    return replace_one(text, rf"(\b{USER} (?:will not|shall not|may not|must not|agrees? not to|agree you will not)[^.;:]{{0,120}}:\s*\n\s*(?:[-*\u2022]|\(?\w{{1,3}}[.)])\s+)", r"\1For gambling or lotteries;\n\n- ", random)


def beneficiary_narrowed(text, random):
    other = random.choice(["any non-profit organisation", "any natural person", "any accredited academic institution"])
    return replace_one(text, r"\bany person\b(?= (?:obtaining|to|who))", other, random, where=lambda s: re.search(r"granted|grants", s))


def may_made_must(text, random):
    return replace_one(text, rf"\b({USER}) may(?= (?:add|provide|include|distribute|publish|display|place|choose)\b)", r"\1 must", random)


def power_widened(text, random):
    return replace_one(text, r"(\b(?:licensor|we|company|meta|google|stability ai|tencent|provider) (?:may|can|reserves? the right to) (?:terminate|modify|amend|update|suspend|revoke)\b[^.;:]{5,160})(?=\.)",
                       r"\1 at any time and without notice", random, where=lambda s: not re.search(r"any time|without notice|time to time", s, re.I))


def consent_removed_from_ban(text, random):
    """ "... without our consent" gone from a ban: the ban has no way out any more."""
    return replace_one(text, r",? without (?:the )?(?:specific |express |prior )*(?:written )?(?:consent|permission|approval)(?: of [\w ]{3,30})?(?=[.,;])", "", random,
                       where=lambda s: re.search(rf"\b{USER} (?:may not|shall not|must not|cannot|will not)\b", s, re.I))


def ban_hardened(text, random):
    """ "should not" -> "must not"."""
    return replace_one(text, rf"\b({USER}) should not\b", r"\1 must not", random)


def noncommercial_inserted(text, random):
    return replace_one(text, r"\bpurposes?\b(?= (?:of|only|whatsoever)?[^.]{0,40}\.)", r"non-commercial \g<0>", random,
                       where=lambda s: re.search(r"\b(may|granted|grants|permitted)\b", s) and not re.search(r"\b(not|no|nor|non-?commercial|neither)\b", s, re.I))


EDITS = {
    "beneficiary_narrowed": beneficiary_narrowed,
    "may_made_must": may_made_must,
    "power_widened": power_widened,
    "consent_removed_from_ban": consent_removed_from_ban,
    "ban_hardened": ban_hardened,
    "noncommercial_inserted": noncommercial_inserted,
    "not_in_grant": not_in_grant,
    "grant_withdrawn": grant_withdrawn,
    "threshold_lowered": threshold_lowered,
    "grant_item_removed": grant_item_removed,
    "grant_word_removed": grant_word_removed,
    "permission_dropped": permission_dropped,
    "exception_removed": exception_removed,
    "ban_item_added": ban_item_added,
    "ban_added_to_list": ban_added_to_lead,
    "duty_item_added": duty_item_added,
    "only_inserted": only_inserted,
    "purpose_narrowed": purpose_narrowed,
    "period_shortened": period_shortened,
    "duty_made_firm": duty_made_firm,
    "definition_widened": definition_widened,
    "noncommercial_added": added("The Software may not be used for any commercial purpose.",
                                 "Use is permitted for non-commercial purposes only.",
                                 "This licence is limited to academic research."),
    "field_ban_added": added("You shall not use the Work for military or law-enforcement purposes.",
                             "Use in weapons, surveillance or gambling is prohibited.",
                             "You agree not to use the model to generate medical advice."),
    "region_added": added("This license does not apply in the European Union, the United Kingdom or South Korea.",
                          "No rights are granted to persons domiciled in the European Union.",
                          "You may not use the Software in Brazil or India."),
    "training_ban_added": added("You may not use the outputs to train or improve any other model.",
                                "Outputs must not be used to develop competing AI models."),
    "hosting_ban_added": added("You shall not offer the Software as a hosted service to third parties.",
                               "Providing access to the model through an API requires a separate written licence."),
    "badge_added": added("You must prominently display \"Powered by Foo\" on your website and user interface.",
                         "Any derivative model shall include \"Foo\" at the beginning of its name."),
    "registration_added": added("You must register on our website before any commercial use.",
                                "Licensees shall notify the Licensor of every deployment.",
                                "You are required to report your usage to the Licensor each quarter."),
    "share_alike_added": added("Any derivative work must be distributed under the terms of this license.",
                               "Modified versions shall be released under this same license, with source code."),
    "update_duty_added": added("You must update to the newest version as soon as it is released.",
                               "You shall use reasonable efforts to use the latest version of the Model."),
    "termination_added": added("The Licensor may terminate this license at any time for any reason.",
                               "We reserve the right to revoke these rights upon notice."),
    "amendment_added": added("We may modify these terms at any time.",
                             "The Licensor reserves the right to amend this Agreement at its sole discretion."),
    "use_policy_added": added("Your use must comply with the Acceptable Use Policy, which is incorporated by reference into this Agreement.",
                              "You agree to follow the Prohibited Use Policy as updated from time to time."),
    "retaliation_added": added("If you bring any intellectual property claim against the Licensor, all rights granted to you under this license terminate."),
    "indemnity_added": added("You shall indemnify and hold harmless the Licensor from any third-party claim arising from your use."),
    "output_claim_added": added("The Licensor owns all outputs of the Model.",
                                "You assign to the Licensor all rights in any improvements you make; you must deliver them on request."),
    "plain_ban_added": added("You shall not breed horses with the Software.", "No use in production.", "Not for use by minors.",
                             "Companies from Brazil are excluded."),
    "fee_added": added("Use beyond 90 days requires payment of a licence fee.",
                       "You shall pay a royalty of five percent of revenue."),
    "scale_added": added("If you have more than 10 million monthly active users, you must request a license from the Licensor.",
                         "Companies whose annual revenue exceeds USD 1 million must obtain a commercial license."),
}
