// SPDX-License-Identifier: Apache-2.0
#include "evaluator/openness/mof.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_format.h"
#include "evaluator/openness/criteria.h"
#include "evaluator/openness/openness_table.h"

namespace modelwatch::evaluator {
namespace {

constexpr int kClasses[] = {3, 2, 1};

std::string LicenceOf(const MofEntry& entry, const v1::MofComponent& component) {
  const auto listed = entry.licences.find(component.title());
  if (listed == entry.licences.end()) return "";
  if (!listed->second.empty()) return listed->second;
  const auto by_content = entry.by_content.find(component.content());
  return by_content != entry.by_content.end() && !by_content->second.empty() ? by_content->second
                                                                             : entry.distribution;
}

const v1::MofComponent* ComponentOf(v1::Part part) {
  for (const v1::MofComponent& component : BuiltinOpenness().component()) {
    if (component.part() == part) return &component;
  }
  return nullptr;
}

// What a class and those before it ask for. The paper stands in for the report from class III on.
std::vector<const v1::MofComponent*> Asked(int mof_class, bool has_paper_for_report) {
  std::vector<const v1::MofComponent*> asked;
  for (const v1::MofComponent& component : BuiltinOpenness().component()) {
    if (component.is_optional() || static_cast<int>(component.mof_class()) < mof_class) continue;
    if (has_paper_for_report &&
        (component.part() == v1::TECHNICAL_REPORT || component.part() == v1::RESEARCH_PAPER)) {
      continue;
    }
    asked.push_back(&component);
  }
  if (has_paper_for_report) asked.push_back(ComponentOf(v1::RESEARCH_PAPER));
  return asked;
}

const LicenceStanding& StandingOf(const Exhibit& exhibit, const v1::MofComponent& component) {
  return component.content() == v1::CODE_CONTENT ? exhibit.code : exhibit.weights;
}

v1::Answer IsOpen(const TermsTable& table, const Expression& expression) {
  if (expression.kind == Expression::Kind::kLicence) {
    const v1::LicenceTerms* row = table.Find(expression.licence);
    if (IsMofOpen(table, expression.licence)) return v1::YES;
    return row == nullptr || !row->is_resolved() ? v1::NOT_KNOWN : v1::NO;
  }
  v1::Answer answer = IsOpen(table, expression.parts.front());
  for (const Expression& part : expression.parts) {
    const v1::Answer next = IsOpen(table, part);
    answer =
        expression.kind == Expression::Kind::kAnd ? Weaker(answer, next) : Stronger(answer, next);
  }
  return answer;
}

v1::Answer IsOpen(const TermsTable& table, const LicenceStanding& standing) {
  const auto expression = ParseExpression(standing.expression);
  const bool is_known = standing.status == v1::EXACT || standing.status == v1::MENTION;
  if (is_known && expression.ok()) return IsOpen(table, *expression);
  return standing.status == v1::NONE && !standing.is_stated      ? v1::NOT_KNOWN
         : OpinionOf(table, "redhat", standing).answer == v1::NO ? v1::NO
                                                                 : v1::NOT_KNOWN;
}

// A part that is shown, under an open licence as far as the release tells.
const v1::CriterionResult& AddComponent(const TermsTable& table, const Exhibit& exhibit,
                                        const v1::MofComponent& component,
                                        v1::FrameworkVerdict& verdict) {
  v1::CriterionResult& result =
      AddPartCriterion(verdict, exhibit, component.id(), component.title(), {component.part()});
  if (component.part() == v1::FINAL_PARAMETERS && exhibit.has_file_list &&
      result.answer() != v1::YES) {
    result.set_answer(v1::NO);
    result.set_text("none of the files holds weights");
  }
  if (result.answer() == v1::YES) {
    const LicenceStanding& standing = StandingOf(exhibit, component);
    const v1::Answer is_open = IsOpen(table, standing);
    result.set_answer(is_open);
    result.set_text(absl::StrFormat("shown, under %s%s", StandsUnder(standing),
                                    is_open == v1::NO ? ", which is no open licence" : ""));
  }
  result.set_is_advisory(component.is_optional());
  return result;
}

constexpr const char* kClassWords[] = {"no class shown", "Class I", "Class II", "Class III"};

}  // namespace

MofClass ClassifyMof(const MofEntry& entry, const std::function<bool(std::string_view)>& is_open) {
  const auto counts = [&](const v1::MofComponent& component) {
    const std::string licence = LicenceOf(entry, component);
    return !licence.empty() && is_open(licence);
  };
  const bool has_paper_for_report =
      !counts(*ComponentOf(v1::TECHNICAL_REPORT)) && counts(*ComponentOf(v1::RESEARCH_PAPER));
  MofClass result;
  for (const int mof_class : kClasses) {
    const auto asked = Asked(mof_class, has_paper_for_report);
    const auto met =
        std::count_if(asked.begin(), asked.end(), [&](const auto* one) { return counts(*one); });
    result.progress[static_cast<size_t>(mof_class)] =
        100.0 * static_cast<double>(met) / static_cast<double>(asked.size());
    if (static_cast<size_t>(met) < asked.size()) break;
    result.number = mof_class;
  }
  return result;
}

bool IsMofOpen(const TermsTable& table, std::string_view licence) {
  const v1::LicenceTerms* row = table.Find(licence);
  if (row == nullptr) return IsAccepted("mof", licence);
  return row->osi() || row->fsf_libre() || row->mot_open() || IsAccepted("mof", row->id());
}

v1::FrameworkVerdict JudgeMof(const TermsTable& table, const Exhibit& exhibit) {
  v1::FrameworkVerdict verdict;
  verdict.set_framework("mof");
  MofEntry entry;
  v1::Answer third = v1::YES;
  for (const v1::MofComponent& component : BuiltinOpenness().component()) {
    const v1::CriterionResult& result = AddComponent(table, exhibit, component, verdict);
    if (component.mof_class() == 3 && !component.is_optional()) {
      third = Weaker(third, result.answer());
    }
    if (result.answer() == v1::YES) entry.licences[component.title()] = "open";
  }
  const MofClass reached = ClassifyMof(entry, [](std::string_view) { return true; });
  verdict.set_answer(reached.number > 0 ? v1::YES : third == v1::NO ? v1::NO : v1::NOT_KNOWN);
  verdict.set_verdict(verdict.answer() == v1::NO ? "no class" : kClassWords[reached.number]);
  return verdict;
}

}  // namespace modelwatch::evaluator
