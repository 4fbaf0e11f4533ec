// SPDX-License-Identifier: Apache-2.0
#include "evaluator/bom/licence_claim.h"

#include <algorithm>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/digest.h"
#include "evaluator/bom/address.h"
#include "evaluator/bom/spdx_ids.h"
#include "evaluator/license/expression.h"
#include "proto/json.h"

namespace modelwatch::evaluator {
namespace {

constexpr char kRef[] = "LicenseRef-";
constexpr size_t kMostRefBytes = 80;
constexpr size_t kMostValues = 64;

bool IsIdByte(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '.';
}

bool IsRef(const std::string& text) {
  return absl::StartsWith(text, kRef) && text.size() > sizeof(kRef) - 1 &&
         text.size() <= kMostRefBytes && std::all_of(text.begin(), text.end(), IsIdByte);
}

// A reference of our own to what bears `name`; two names never share one.
std::string RefOf(const std::string& name) {
  std::string stem = name.substr(0, 40);
  for (char& c : stem) {
    if (!IsIdByte(c)) c = '-';
  }
  if (stem != name) absl::StrAppend(&stem, "-", common::ToHex(common::Sha256(name)).substr(0, 12));
  return absl::StrCat(kRef, "modelwatch-", stem);
}

// Makes a claim of expressions and names, and remembers what SPDX does not list.
class ClaimMaker {
 public:
  // Where the words of every licence without an id are.
  ClaimMaker(std::string url, std::string sha256)
      : url_(std::move(url)), sha256_(std::move(sha256)) {}

  Expression Unlisted(const std::string& ref, const std::string& name) {
    const bool is_known = std::any_of(claim_.unlisted.begin(), claim_.unlisted.end(),
                                      [&](const UnlistedLicence& one) { return one.ref == ref; });
    if (!is_known) claim_.unlisted.push_back({ref, Plain(name), url_, sha256_});
    return {.licence = ref, .exception = {}, .parts = {}};
  }
  Expression Named(const std::string& name) { return Unlisted(RefOf(name), name); }

  // Nothing when the text says that nothing is said; what is no expression is a name.
  std::optional<Expression> Read(const std::string& text) {
    if (absl::EqualsIgnoreCase(text, "NOASSERTION") || absl::EqualsIgnoreCase(text, "NONE")) {
      return std::nullopt;
    }
    auto expression = ParseExpression(text);
    if (!expression.ok()) return Named(text);
    Settle(*expression);
    return *std::move(expression);
  }

  LicenceClaim Finish(const std::optional<Expression>& expression, std::string_view comment) && {
    if (expression) {
      claim_.expression = FormatExpression(*expression);
      claim_.is_one = expression->kind == Expression::Kind::kLicence &&
                      expression->exception.empty() &&
                      (!claim_.unlisted.empty() || !SpdxLicenceId(claim_.expression).empty());
    }
    claim_.comment = Plain(comment);
    return std::move(claim_);
  }

 private:
  // The parser bounds the depth.
  void Settle(Expression& expression) {  // NOLINT(misc-no-recursion)
    if (expression.kind == Expression::Kind::kLicence) {
      expression = Leaf(expression);
      return;
    }
    for (Expression& part : expression.parts) Settle(part);
  }

  Expression Leaf(const Expression& leaf) {
    const std::string whole = FormatExpression(leaf);
    const std::string exception = SpdxExceptionId(leaf.exception);
    if (exception.empty() && !leaf.exception.empty()) return Named(whole);
    std::string id = SpdxLicenceId(leaf.licence);
    if (id.empty() && absl::EndsWith(leaf.licence, "+")) {
      id = SpdxLicenceId(std::string_view(leaf.licence).substr(0, leaf.licence.size() - 1));
      if (!id.empty()) id += "+";
    }
    if (!id.empty()) return {.licence = id, .exception = exception, .parts = {}};
    if (!exception.empty()) return Named(whole);
    if (!IsRef(leaf.licence)) return Named(whole);
    return Unlisted(leaf.licence, leaf.licence.substr(sizeof(kRef) - 1));
  }

  const std::string url_;
  const std::string sha256_;
  LicenceClaim claim_;
};

bool IsDeclared(const v1::Finding& finding) {
  return finding.source() == v1::HUB_TAG || finding.source() == v1::CARD_FRONT_MATTER;
}

std::vector<std::string> DeclaredValues(const v1::GetReleaseResponse& release) {
  const v1::Declared& declared = release.version().observation().declared();
  std::vector<std::string> values;
  const auto add = [&](const std::string& value) {
    const bool is_there = std::any_of(values.begin(), values.end(), [&](const std::string& one) {
      return absl::EqualsIgnoreCase(one, value);
    });
    if (!value.empty() && !is_there && values.size() < kMostValues) values.push_back(value);
  };
  for (const std::string& value : declared.tag_licences()) add(value);
  for (const std::string& value : declared.card_licences()) add(value);
  // Of front matter that the hub did not read, the findings alone tell.
  for (const v1::Finding& finding : release.assessment().findings()) {
    if (IsDeclared(finding)) add(finding.declared());
  }
  return values;
}

// What the assessment took the value for; null when it knows none.
const v1::Finding* FindingOf(const v1::Assessment& assessment, const std::string& value) {
  for (const v1::Finding& finding : assessment.findings()) {
    const bool is_named = finding.status() != v1::FAMILY &&
                          !(finding.expression().empty() && finding.licence().empty());
    if (IsDeclared(finding) && is_named && absl::EqualsIgnoreCase(finding.declared(), value)) {
      return &finding;
    }
  }
  return nullptr;
}

bool NamesNothing(const std::string& value) {
  return absl::EqualsIgnoreCase(value, "other") || absl::EqualsIgnoreCase(value, "unknown");
}

std::optional<Expression> ReadValue(const v1::GetReleaseResponse& release, const std::string& value,
                                    bool is_alone, ClaimMaker& maker) {
  if (const v1::Finding* finding = FindingOf(release.assessment(), value)) {
    return finding->expression().empty() ? maker.Named(finding->licence())
                                         : maker.Read(finding->expression());
  }
  const std::string id = SpdxLicenceId(value);
  if (!id.empty()) return maker.Read(id);
  const std::string& name = release.version().observation().declared().license_name();
  if (!NamesNothing(value)) return maker.Named(value);
  if (!name.empty()) return maker.Named(name);
  if (is_alone) return std::nullopt;
  return maker.Named(value);
}

std::string DeclaredComment(const std::vector<std::string>& values, const v1::Declared& declared) {
  if (values.empty()) return "declares no licence";
  std::string comment = absl::StrCat("declared: ", absl::StrJoin(values, ", "));
  if (!declared.license_name().empty()) {
    absl::StrAppend(&comment, "; license_name: ", declared.license_name());
  }
  if (!declared.license_link().empty()) {
    absl::StrAppend(&comment, "; license_link: ", declared.license_link());
  }
  return comment;
}

// license_link: an address, or a file of the repository.
std::string LinkAddress(const v1::Observation& seen, const std::string& endpoint) {
  const std::string& link = seen.declared().license_link();
  if (link.empty() || link.size() > 512) return "";
  if (absl::StrContains(link, "://")) return SafeAddress(link);
  return FileAddress(endpoint, seen, link);
}

// The finding whose text the terms rest on; null when they rest on no text.
const v1::Finding* TextFinding(const v1::Assessment& assessment) {
  for (const v1::Finding& finding : assessment.findings()) {
    if (!finding.digest().empty() && finding.digest() == assessment.text_digest()) return &finding;
  }
  return nullptr;
}

std::optional<Expression> ReadConclusion(const v1::Assessment& assessment,
                                         const std::string& sha256, ClaimMaker& maker) {
  if (!assessment.expression().empty()) return maker.Read(assessment.expression());
  if (!assessment.licence().empty()) {
    const std::string id = SpdxLicenceId(assessment.licence());
    return id.empty() ? maker.Named(assessment.licence()) : maker.Read(id);
  }
  if (sha256.empty() || assessment.status() == v1::NONE) return std::nullopt;
  return maker.Unlisted(absl::StrCat(kRef, "modelwatch-text-", sha256.substr(0, 32)),
                        absl::StrCat("unknown licence text, SHA-256 ", sha256));
}

}  // namespace

LicenceClaim DeclaredClaim(const v1::GetReleaseResponse& release, const std::string& endpoint) {
  const v1::Observation& seen = release.version().observation();
  const std::vector<std::string> values = DeclaredValues(release);
  ClaimMaker maker(LinkAddress(seen, endpoint), "");
  Expression all{.kind = Expression::Kind::kAnd, .licence = {}, .exception = {}, .parts = {}};
  for (const std::string& value : values) {
    auto one = ReadValue(release, value, values.size() == 1, maker);
    const auto is_it = [&](const Expression& part) {
      return FormatExpression(part) == FormatExpression(*one);
    };
    if (!one || std::any_of(all.parts.begin(), all.parts.end(), is_it)) continue;
    all.parts.push_back(*std::move(one));
  }
  std::optional<Expression> expression;
  if (all.parts.size() == 1) {
    expression = all.parts.front();
  } else if (!all.parts.empty()) {
    expression = std::move(all);
  }
  return std::move(maker).Finish(expression, DeclaredComment(values, seen.declared()));
}

LicenceClaim ConcludedClaim(const v1::GetReleaseResponse& release, const std::string& endpoint) {
  if (!release.has_assessment())
    return {.expression = {}, .unlisted = {}, .comment = "not judged yet"};
  const v1::Assessment& assessment = release.assessment();
  const v1::Finding* text = TextFinding(assessment);
  const std::string sha256 = common::ToHex(assessment.text_digest());
  ClaimMaker maker(
      text == nullptr ? "" : FileAddress(endpoint, release.version().observation(), text->path()),
      sha256);
  std::string comment = absl::StrCat("status ", std::string(proto::Word(assessment.status())));
  if (!sha256.empty()) absl::StrAppend(&comment, "; rests on the text with SHA-256 ", sha256);
  if (text != nullptr && !text->path().empty()) absl::StrAppend(&comment, " in ", text->path());
  const std::optional<Expression> expression = ReadConclusion(assessment, sha256, maker);
  return std::move(maker).Finish(expression, comment);
}

}  // namespace modelwatch::evaluator
