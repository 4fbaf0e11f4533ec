// SPDX-License-Identifier: Apache-2.0
#include "evaluator/assess/declared.h"

#include <algorithm>
#include <set>

#include "evaluator/assess/sources.h"
#include "evaluator/license/front_matter.h"
#include "evaluator/terms/lattice.h"
#include "proto/header_fields.h"

namespace modelwatch::evaluator {
namespace {

constexpr size_t kMaxValueBytes = 256;

struct Value {
  v1::FindingSource source;
  std::string text;
};

std::vector<Value> Values(const v1::Declared& declared, std::string_view card) {
  std::vector<Value> values;
  for (const std::string& tag : declared.tag_licences()) values.push_back({v1::HUB_TAG, tag});
  for (const std::string& given : declared.card_licences()) {
    values.push_back({v1::CARD_FRONT_MATTER, given});
  }
  if (values.empty() && !card.empty()) {
    for (const std::string& given : ReadFrontMatter(card).licences) {
      values.push_back({v1::CARD_FRONT_MATTER, given});
    }
  }
  return values;
}

// "other" says: see license_name.
DeclaredLicence ResolveValue(const TermsTable& table, const std::string& value,
                             const std::string& license_name) {
  DeclaredLicence resolved = table.Resolve(value);
  if (resolved.licence.empty() && resolved.expression.empty() && !license_name.empty()) {
    DeclaredLicence named = table.Resolve(license_name);
    if (!named.licence.empty() || !named.expression.empty()) return named;
  }
  return resolved;
}

v1::Finding FindingOf(const Value& value, const DeclaredLicence& resolved,
                      const std::string& license_name) {
  v1::Finding finding;
  finding.set_source(value.source);
  finding.set_declared(value.text);
  finding.set_licence(resolved.is_family ? "" : resolved.licence);
  finding.set_expression(resolved.expression);
  finding.set_base(resolved.is_family ? resolved.licence : "");
  const bool is_named = !resolved.licence.empty() || !resolved.expression.empty();
  finding.set_status(is_named ? (resolved.is_family ? v1::FAMILY : v1::MENTION) : v1::NONE);
  finding.set_reason(is_named ? "declared, the text is not this source's"
                     : license_name.empty()
                         ? "declared, and names no known licence"
                         : "declared with the name '" + license_name.substr(0, 200) +
                               "', which is no known licence");
  return finding;
}

v1::Terms TermsOfValue(const TermsTable& table, const DeclaredLicence& resolved,
                       const Value& value) {
  if (!resolved.licence.empty()) {
    const v1::LicenceTerms* row = table.Find(resolved.licence);
    if (row != nullptr) return table.TermsOf(*row);
  }
  if (!resolved.expression.empty()) {
    const auto expression = ParseExpression(resolved.expression);
    if (expression.ok()) return table.TermsOf(*expression);
  }
  return table.Unknown("'" + value.text.substr(0, 100) + "' names no known licence");
}

void Cite(v1::Terms& terms, const Value& value) {
  for (v1::Outcome& outcome : *terms.mutable_outcomes()) {
    for (v1::Because& because : *outcome.mutable_because()) because.set_source(value.source);
  }
}

}  // namespace

v1::Declared DeclaredInCard(std::string_view card) {
  const CardDeclared read = ReadFrontMatter(card);
  v1::Declared declared;
  for (const std::string& licence : read.licences) declared.add_card_licences(licence);
  declared.set_license_name(read.license_name);
  declared.set_license_link(read.license_link);
  declared.set_gated_prompt(read.gated_prompt);
  declared.set_excludes_eu(read.excludes_eu);
  return declared;
}

DeclaredTerms JudgeDeclared(const TermsTable& table, const v1::Declared& declared,
                            std::string_view card) {
  DeclaredTerms out;
  std::set<std::string> licences, seen;
  bool all_known = true;
  for (const Value& value : Values(declared, card)) {
    const DeclaredLicence resolved = ResolveValue(table, value.text, declared.license_name());
    out.findings.push_back(FindingOf(value, resolved, declared.license_name()));
    const std::string name = !resolved.licence.empty() ? resolved.licence : resolved.expression;
    all_known = all_known && !name.empty();
    // The tag repeats the card: a licence counts once.
    if (!name.empty() && !seen.insert(name).second) continue;
    v1::Terms terms = TermsOfValue(table, resolved, value);
    Cite(terms, value);
    out.terms = out.is_stated ? Join(out.terms, terms) : std::move(terms);
    out.is_stated = true;
    licences.insert(resolved.licence);
    const v1::LicenceTerms* row = table.Find(resolved.licence);
    out.is_memory_only = out.is_memory_only || (row != nullptr && row->evidence() == v1::MEMORY);
    if (!resolved.expression.empty()) {
      out.expression += (out.expression.empty() ? "" : " AND ") + resolved.expression;
    }
  }
  if (!out.is_stated) out.terms = table.Unknown("no licence is stated");
  if (!all_known) out.expression.clear();
  if (all_known && licences.size() == 1) out.licence = *licences.begin();
  return out;
}

DeclaredTerms JudgeHeader(const TermsTable& table, const v1::Observation& seen,
                          std::span<const FileText> files) {
  const v1::File* header = HeaderOf(seen);
  const auto text = std::find_if(files.begin(), files.end(), [&](const FileText& file) {
    return header != nullptr && file.path == header->path();
  });
  v1::Declared said;
  if (text != files.end()) {
    const proto::HeaderFields fields = proto::ParseHeaderFields(text->bytes);
    const std::string& licence = fields.licence.empty() ? fields.name : fields.licence;
    if (!licence.empty()) said.add_card_licences(licence.substr(0, kMaxValueBytes));
    said.set_license_name(fields.name);
  }
  DeclaredTerms judged = JudgeDeclared(table, said, "");
  for (v1::Finding& finding : judged.findings) {
    finding.set_source(v1::GGUF_HEADER);
    finding.set_path(header->path());
  }
  for (v1::Outcome& outcome : *judged.terms.mutable_outcomes()) {
    for (v1::Because& because : *outcome.mutable_because()) {
      because.set_source(v1::GGUF_HEADER);
      if (header != nullptr) because.set_path(header->path());
    }
  }
  return judged;
}

}  // namespace modelwatch::evaluator
