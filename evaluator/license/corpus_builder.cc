// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/corpus_builder.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "common/digest.h"
#include "common/status_macros.h"
#include "evaluator/license/bilingual.h"
#include "evaluator/license/corpus_format.h"
#include "evaluator/license/tokens.h"

namespace modelwatch::evaluator {
namespace {

constexpr size_t kMaxFileBytes = 32 << 20;
constexpr std::string_view kFence = "---";

std::string Lower(std::string_view text) { return absl::AsciiStrToLower(std::string(text)); }

// Splits "---\nheader\n---\ntext"; false when the file does not start so.
bool SplitFrontMatter(std::string_view bytes, std::string_view& header, std::string_view& text) {
  if (bytes.substr(0, 4) != "---\n" && bytes.substr(0, 5) != "---\r\n") return false;
  const size_t end = bytes.find("\n---", 3);
  if (end == std::string_view::npos) return false;
  header = bytes.substr(4, end - 4 + 1);
  const size_t line_end = bytes.find('\n', end + 1 + kFence.size());
  text = line_end == std::string_view::npos ? std::string_view() : bytes.substr(line_end + 1);
  return true;
}

std::string Scalar(const YAML::Node& node, const char* key) {
  const YAML::Node value = node[key];
  return value && value.IsScalar() ? value.as<std::string>() : std::string();
}

bool Flag(const YAML::Node& node, const char* key) {
  const std::string value = Lower(Scalar(node, key));
  return value == "yes" || value == "true" || value == "1";
}

uint32_t Number(const YAML::Node& node, const char* key, uint32_t otherwise) {
  const std::string value = Scalar(node, key);
  uint32_t number = 0;
  return absl::SimpleAtoi(value, &number) ? number : otherwise;
}

v1::PatternKind KindOf(const YAML::Node& rule) {
  if (Flag(rule, "is_false_positive")) return v1::PATTERN_FALSE_POSITIVE;
  if (Flag(rule, "is_license_text")) return v1::PATTERN_TEXT;
  if (Flag(rule, "is_license_notice")) return v1::PATTERN_NOTICE;
  if (Flag(rule, "is_license_reference")) return v1::PATTERN_REFERENCE;
  if (Flag(rule, "is_license_tag")) return v1::PATTERN_TAG;
  if (Flag(rule, "is_license_intro")) return v1::PATTERN_INTRO;
  return Flag(rule, "is_license_clue") ? v1::PATTERN_CLUE : v1::PATTERN_KIND_UNSPECIFIED;
}

// ScanCode marks the phrases a rule depends on as {{...}}.
std::string WithoutPhraseMarks(std::string_view text) {
  std::string plain;
  for (size_t i = 0; i < text.size(); ++i) {
    const std::string_view two = text.substr(i, 2);
    if (two == "{{" || two == "}}") {
      ++i;
      plain += ' ';
    } else {
      plain += text[i];
    }
  }
  return plain;
}

// File names that licence packages also carry and that are no licence.
bool IsPassedOver(std::string_view path) {
  const std::string name = Lower(path.substr(path.rfind('/') + 1));
  for (const char* suffix : {".js", ".ts", ".py", ".html", ".yml", ".yaml", ".pyc", ".json", ".rdf",
                             ".xml", ".toml", ".cfg", ".png", ".svg", ".csv", ".tsv", ".jsonl"}) {
    if (absl::EndsWith(name, suffix)) return true;
  }
  // The licence of the package itself.
  if (name == "license" || name == "licence" || name == "license.txt" || name == "license.md" ||
      name == "copying" || name == "notice") {
    return true;
  }
  return name == "readme" || name == "readme.md" || name == "package.json" || name.empty() ||
         name.front() == '.';
}

std::string Stem(std::string_view path) {
  std::string name(path.substr(path.rfind('/') + 1));
  for (const char* suffix : {".LICENSE", ".txt", ".TXT", ".md", ".rst", ".license"}) {
    name = std::string(absl::StripSuffix(name, suffix));
  }
  for (char& c : name) {
    const bool is_id = absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '.';
    if (!is_id) c = '-';
  }
  return name;
}

// The words that two files of the same licence share, to take a text once.
std::string CoreText(std::string_view text) {
  std::string core;
  for (const Token& token : Tokenise(text)) {
    if ((token.marks & (kCopyrightMark | kTitleMark)) == 0) core += token.word + " ";
  }
  return core;
}

std::string VersionOf(const v1::Corpus& corpus) {
  std::string all;
  for (const v1::CorpusLicence& licence : corpus.licences()) {
    all += absl::StrFormat("%s\n%s\n%d\n%s\n", licence.key(), licence.spdx(),
                           licence.is_exception() ? 1 : 0, common::Sha256(licence.text()));
  }
  for (const v1::CorpusPattern& pattern : corpus.patterns()) all += pattern.SerializeAsString();
  return common::ToHex(common::Sha256(all)).substr(0, 16);
}

}  // namespace

absl::Status CorpusBuilder::AddFile(std::string_view path, std::string_view bytes) {
  if (bytes.size() > kMaxFileBytes) return absl::OkStatus();
  if (absl::EndsWith(std::string(path), "spdx-full.json")) return AddSpdxList(path, bytes);
  if (IsPassedOver(path)) return absl::OkStatus();
  std::string_view header, text;
  if (SplitFrontMatter(bytes, header, text)) {
    if (absl::EndsWith(std::string(path), ".RULE")) return AddRule(path, header, text);
    if (header.find("key:") != std::string_view::npos) return AddScancode(path, header, text);
  }
  AddPlain(path, bytes);
  return absl::OkStatus();
}

absl::Status CorpusBuilder::AddScancode(std::string_view path, std::string_view header,
                                        std::string_view text) {
  try {
    const YAML::Node node = YAML::Load(std::string(header));
    v1::CorpusLicence licence;
    licence.set_key(Scalar(node, "key"));
    if (licence.key().empty()) return absl::OkStatus();
    licence.set_spdx(Scalar(node, "spdx_license_key"));
    if (licence.spdx().empty()) licence.set_spdx("LicenseRef-scancode-" + licence.key());
    licence.set_name(Scalar(node, "name"));
    licence.set_category(Scalar(node, "category"));
    licence.set_is_exception(Flag(node, "is_exception"));
    licence.set_is_deprecated(Flag(node, "is_deprecated"));
    for (const YAML::Node& other : node["other_spdx_license_keys"]) {
      if (other.IsScalar()) licence.add_other_spdx(other.as<std::string>());
    }
    // Generic and "unknown" entries stand for no licence in particular, so they have no text.
    licence.set_is_generic(Flag(node, "is_unknown") || Flag(node, "is_generic"));
    if (!licence.is_generic()) licence.set_text(std::string(text));
    scancode_[licence.key()] = std::move(licence);
  } catch (const YAML::Exception& error) {
    return absl::InvalidArgumentError(
        absl::StrFormat("%s: its front matter is not YAML: %s", path, error.what()));
  }
  return absl::OkStatus();
}

absl::Status CorpusBuilder::AddRule(std::string_view path, std::string_view header,
                                    std::string_view text) {
  try {
    const YAML::Node node = YAML::Load(std::string(header));
    if (Flag(node, "is_deprecated") || text.empty()) return absl::OkStatus();
    v1::CorpusPattern rule;
    rule.set_expression(Scalar(node, "license_expression"));
    rule.set_kind(KindOf(node));
    if (rule.kind() == v1::PATTERN_KIND_UNSPECIFIED) return absl::OkStatus();
    rule.set_relevance(Number(node, "relevance", 100));
    rule.set_minimum_coverage(Number(node, "minimum_coverage", 0));
    rule.set_is_continuous(Flag(node, "is_continuous"));
    rule.set_text(WithoutPhraseMarks(text));
    rules_[std::string(path.substr(path.rfind('/') + 1))] = std::move(rule);
  } catch (const YAML::Exception& error) {
    return absl::InvalidArgumentError(
        absl::StrFormat("%s: its front matter is not YAML: %s", path, error.what()));
  }
  return absl::OkStatus();
}

absl::Status CorpusBuilder::AddSpdxList(std::string_view path, std::string_view json) {
  const auto list = nlohmann::json::parse(json, nullptr, false);
  if (!list.is_object()) {
    return absl::InvalidArgumentError(absl::StrFormat("%s: not a JSON object", path));
  }
  for (const auto& [id, row] : list.items()) {
    if (id.empty() || !row.is_object() || !row.contains("licenseText") ||
        !row["licenseText"].is_string()) {
      continue;
    }
    v1::CorpusLicence licence;
    licence.set_key(Lower(id));
    licence.set_spdx(id);
    licence.set_name(row.value("name", ""));
    licence.set_category("SPDX");
    licence.set_is_deprecated(id.back() == '+' || list.contains(id + "-only"));
    licence.set_text(row["licenseText"].get<std::string>());
    spdx_[licence.key()] = std::move(licence);
  }
  return absl::OkStatus();
}

void CorpusBuilder::AddPlain(std::string_view path, std::string_view text) {
  if (text.empty() || text.find('\0') != std::string_view::npos) return;
  const std::string stem = Stem(path);
  if (stem.empty()) return;
  v1::CorpusLicence licence;
  licence.set_key(Lower(stem));
  licence.set_spdx("LicenseRef-" + stem);
  licence.set_name(stem);
  licence.set_text(std::string(text));
  plain_.try_emplace(licence.key(), std::move(licence));
}

void CorpusBuilder::AddSource(std::string_view name) { sources_.emplace(name, true); }

size_t CorpusBuilder::size() const { return scancode_.size() + spdx_.size() + plain_.size(); }

namespace {

// A text of another list, as a pattern of the licence that has its id.
v1::CorpusPattern PatternOf(const std::string& key, const std::string& text, bool is_listed) {
  v1::CorpusPattern pattern;
  pattern.set_expression(key);
  pattern.set_kind(v1::PATTERN_TEXT);
  pattern.set_relevance(100);
  pattern.set_text(text);
  pattern.set_is_listed(is_listed);
  return pattern;
}

// A licence that is given in two languages is whole in each.
void AddHalves(const std::string& key, const std::string& text,
               std::vector<v1::CorpusPattern>& patterns) {
  const auto halves = SplitLanguages(text);
  if (!halves) return;
  patterns.push_back(PatternOf(key, halves->ideographic, true));
  patterns.push_back(PatternOf(key, halves->latin, true));
}

}  // namespace

absl::StatusOr<v1::Corpus> CorpusBuilder::Build() const {
  if (size() == 0) {
    return absl::FailedPreconditionError(
        "no licence text was found in the given folders; name a folder of licence files");
  }
  std::map<std::string, const v1::CorpusLicence*> chosen;
  std::map<std::string, std::string> key_of;  // lower-case SPDX id -> key
  std::map<std::string, std::string> held;    // core words -> key
  std::vector<v1::CorpusPattern> patterns;
  const auto name = [&](const v1::CorpusLicence& licence) {
    key_of.try_emplace(Lower(licence.spdx()), licence.key());
    for (const std::string& other : licence.other_spdx()) {
      key_of.try_emplace(Lower(other), licence.key());
    }
  };
  for (const bool deprecated : {false, true}) {
    for (const auto& [key, licence] : scancode_) {
      if (licence.is_deprecated() != deprecated) continue;
      chosen.try_emplace(key, &licence);
      name(licence);
      held.try_emplace(CoreText(licence.text()), key);
    }
  }
  for (const auto* layout : {&spdx_, &plain_}) {
    for (const auto& [key, licence] : *layout) {
      const bool is_list = layout == &spdx_;
      const auto known = key_of.find(is_list ? Lower(licence.spdx()) : key);
      const std::string& own = known == key_of.end() ? key : known->second;
      const auto [holder, is_new] = held.try_emplace(CoreText(licence.text()), own);
      if (known != key_of.end()) {
        // A listed text is kept even when it is there: of equal words it gives the name.
        if (is_list || is_new || holder->second != own) {
          patterns.push_back(PatternOf(own, licence.text(), is_list && !licence.is_deprecated()));
          if (is_list) AddHalves(own, licence.text(), patterns);
        }
      } else if ((is_new || is_list) && chosen.try_emplace(key, &licence).second) {
        name(licence);
      }
    }
  }
  v1::Corpus corpus;
  corpus.set_format(corpus_format::kFormat);
  for (const auto& [source, unused] : sources_) corpus.add_sources(source);
  for (const auto& [key, licence] : chosen) {
    *corpus.add_licences() = *licence;
    AddHalves(key, licence->text(), patterns);
  }
  for (v1::CorpusPattern& pattern : patterns) *corpus.add_patterns() = std::move(pattern);
  for (const auto& [file, rule] : rules_) *corpus.add_patterns() = rule;
  corpus.set_version(VersionOf(corpus));
  return corpus;
}

}  // namespace modelwatch::evaluator
