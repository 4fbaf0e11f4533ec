// SPDX-License-Identifier: Apache-2.0
#include "evaluator/openness/licence_opinion.h"

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "evaluator/openness/openness_table.h"
#include "evaluator/terms/outcome_rules.h"

namespace modelwatch::evaluator {
namespace {

int Rank(v1::Answer answer) {
  switch (answer) {
    case v1::NO:
      return 0;
    case v1::MAYBE:
      return 2;
    case v1::YES:
      return 3;
    default:
      return 1;
  }
}

bool HasList(std::string_view framework) {
  const auto& rows = BuiltinOpenness().accepted();
  return std::any_of(rows.begin(), rows.end(),
                     [&](const auto& row) { return row.framework() == framework; });
}

// A row of the table with its dimensions looked up.
struct ObjectionRule {
  const v1::LicenceObjection* row;
  std::vector<std::pair<const v1::Condition*, const google::protobuf::FieldDescriptor*>> when;
};

std::vector<ObjectionRule> LookUpObjections() {
  std::vector<ObjectionRule> rules;
  for (const v1::LicenceObjection& row : BuiltinOpenness().objection()) {
    ObjectionRule& rule = rules.emplace_back();
    rule.row = &row;
    for (const v1::Condition& when : row.when()) {
      rule.when.emplace_back(&when, &DimensionField(when.dimension()));
    }
  }
  return rules;
}

bool Holds(const ObjectionRule& rule, const v1::Dimensions& dimensions) {
  return std::all_of(rule.when.begin(), rule.when.end(), [&](const auto& condition) {
    const auto& [when, field] = condition;
    const int64_t value = DimensionValue(dimensions, *field);
    return value >= when->at_least() && (!when->has_at_most() || value <= when->at_most());
  });
}

LicenceOpinion ByDimensions(std::string_view framework, const v1::Dimensions& dimensions,
                            const std::string& licence) {
  static const auto* const rules = new std::vector<ObjectionRule>(LookUpObjections());
  LicenceOpinion opinion;
  opinion.answer = v1::YES;
  for (const ObjectionRule& rule : *rules) {
    if (rule.row->framework() != framework || !Holds(rule, dimensions)) continue;
    opinion.objections.push_back({rule.row, licence});
    opinion.answer = Weaker(opinion.answer, rule.row->answer());
  }
  return opinion;
}

LicenceOpinion NotKnown(std::string text) {
  LicenceOpinion opinion;
  opinion.text = std::move(text);
  return opinion;
}

LicenceOpinion Both(LicenceOpinion left, const LicenceOpinion& right) {
  left.answer = Weaker(left.answer, right.answer);
  left.is_unrecognised = left.is_unrecognised || right.is_unrecognised;
  if (left.text.empty()) left.text = right.text;
  for (const Objection& objection : right.objections) {
    const bool has = std::any_of(left.objections.begin(), left.objections.end(),
                                 [&](const Objection& o) { return o.row == objection.row; });
    if (!has) left.objections.push_back(objection);
  }
  return left;
}

LicenceOpinion OfExpression(const TermsTable& table, std::string_view framework,
                            const Expression& expression) {
  if (expression.kind == Expression::Kind::kLicence) {
    const v1::LicenceTerms* row = table.Find(expression.licence);
    if (row != nullptr) return OpinionOf(framework, *row);
    if (IsAccepted(framework, expression.licence)) return ByDimensions(framework, {}, "");
    return NotKnown(absl::StrFormat("the terms of %s are not known", expression.licence));
  }
  LicenceOpinion all = OfExpression(table, framework, expression.parts.front());
  for (size_t i = 1; i < expression.parts.size(); ++i) {
    LicenceOpinion next = OfExpression(table, framework, expression.parts[i]);
    if (expression.kind == Expression::Kind::kAnd) {
      all = Both(std::move(all), next);
    } else if (Rank(next.answer) > Rank(all.answer)) {
      all = std::move(next);
    }
  }
  return all;
}

v1::Answer OsiOf(const TermsTable& table, const Expression& expression) {
  if (expression.kind == Expression::Kind::kLicence) {
    const v1::LicenceTerms* row = table.Find(expression.licence);
    if (row == nullptr || !row->is_resolved()) return v1::NOT_KNOWN;
    return row->osi() || IsAccepted("osi", row->id()) ? v1::YES : v1::NO;
  }
  v1::Answer answer = OsiOf(table, expression.parts.front());
  for (size_t i = 1; i < expression.parts.size(); ++i) {
    const v1::Answer next = OsiOf(table, expression.parts[i]);
    answer =
        expression.kind == Expression::Kind::kAnd ? Weaker(answer, next) : Stronger(answer, next);
  }
  return answer;
}

bool IsKnownLicence(const LicenceStanding& standing) {
  return (standing.status == v1::EXACT || standing.status == v1::MENTION) &&
         !standing.expression.empty();
}

}  // namespace

v1::Answer Weaker(v1::Answer left, v1::Answer right) {
  return Rank(left) <= Rank(right) ? left : right;
}

v1::Answer Stronger(v1::Answer left, v1::Answer right) {
  return Rank(left) >= Rank(right) ? left : right;
}

bool IsAccepted(std::string_view framework, std::string_view licence) {
  const auto& rows = BuiltinOpenness().accepted();
  return std::any_of(rows.begin(), rows.end(), [&](const v1::AcceptedLicence& row) {
    if (row.framework() != framework) return false;
    const std::string& name = row.licence();
    if (name.back() != '*') return name == licence;
    // "CC-BY-*" is CC-BY-4.0 but not CC-BY-NC-4.0: a version follows.
    const size_t stem = name.size() - 1;
    return licence.size() > stem && licence.substr(0, stem) == name.substr(0, stem) &&
           licence[stem] >= '0' && licence[stem] <= '9';
  });
}

LicenceOpinion OpinionOf(std::string_view framework, const v1::LicenceTerms& row) {
  if (!row.is_resolved()) {
    return NotKnown(absl::StrFormat("'%s' names no one licence", row.id()));
  }
  LicenceOpinion opinion = ByDimensions(framework, row.dimensions(), row.id());
  if (!opinion.objections.empty() || row.osi() || row.fsf_libre()) return opinion;
  if (HasList(framework)) {
    if (IsAccepted(framework, row.id())) return opinion;
    opinion.answer = v1::NO;
    opinion.is_unrecognised = true;
    opinion.text = absl::StrFormat("%s is no recognised open licence", row.id());
    return opinion;
  }
  const bool is_read = row.evidence() == v1::TEXT_READ || row.evidence() == v1::MACHINE_TABLE;
  return is_read || row.mot_open()
             ? opinion
             : NotKnown(absl::StrFormat("the text of %s was not read", row.id()));
}

LicenceOpinion OpinionOf(const TermsTable& table, std::string_view framework,
                         const LicenceStanding& standing) {
  const auto expression = ParseExpression(standing.expression);
  if (IsKnownLicence(standing) && expression.ok()) {
    LicenceOpinion opinion = OfExpression(table, framework, *expression);
    if (standing.status == v1::EXACT) return opinion;
    // A text that only names a licence may say more than that.
    opinion = Both(std::move(opinion), ByDimensions(framework, standing.dimensions, ""));
    if (!standing.is_understood && opinion.answer != v1::NO) opinion.answer = v1::NOT_KNOWN;
    return opinion;
  }
  if (standing.status == v1::NONE && !standing.is_stated) {
    return NotKnown("no licence is stated");
  }
  LicenceOpinion opinion = ByDimensions(framework, standing.dimensions, standing.licence);
  if (opinion.answer == v1::NO) return opinion;
  const v1::LicenceTerms* base = table.Find(standing.licence);
  if (standing.is_understood && base != nullptr) return Both(OpinionOf(framework, *base), opinion);
  opinion.answer = v1::NOT_KNOWN;
  opinion.text = "the licence text is not one that is known, and not read in full";
  return opinion;
}

v1::Answer IsOsiApproved(const TermsTable& table, const LicenceStanding& standing) {
  const auto expression = ParseExpression(standing.expression);
  if (!IsKnownLicence(standing) || !expression.ok()) return v1::NOT_KNOWN;
  return OsiOf(table, *expression);
}

}  // namespace modelwatch::evaluator
