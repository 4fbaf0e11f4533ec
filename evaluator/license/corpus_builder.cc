// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/corpus_builder.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_format.h"
#include "common/digest.h"
#include "common/status_macros.h"
#include "evaluator/license/optional_parts.h"
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

// File names that licence packages also carry and that are no licence.
bool IsPassedOver(std::string_view path) {
  const std::string name = Lower(path.substr(path.rfind('/') + 1));
  for (const char* suffix : {".js", ".ts", ".py", ".html", ".yml", ".yaml", ".pyc", ".json", ".rdf",
                             ".xml", ".toml", ".cfg", ".png", ".svg", ".csv", ".tsv", ".jsonl"}) {
    if (absl::EndsWith(name, suffix)) return true;
  }
  return name == "readme" || name == "readme.md" || name == "package.json" || name.empty() ||
         name.front() == '.';
}

std::string Stem(std::string_view path) {
  std::string name(path.substr(path.rfind('/') + 1));
  for (const char* suffix : {".LICENSE", ".txt", ".TXT", ".md", ".rst", ".license"}) {
    if (absl::EndsWith(name, suffix)) name.resize(name.size() - std::string_view(suffix).size());
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

void Compile(v1::Corpus& corpus) {
  std::set<std::string> words;
  std::vector<std::vector<Token>> streams;
  for (const v1::CorpusLicence& licence : corpus.licences()) {
    streams.push_back(Tokenise(licence.text()));
    MarkOptionalParts(streams.back());
    for (const Token& token : streams.back()) words.insert(token.word);
  }
  std::map<std::string_view, uint32_t> numbers;
  for (const std::string& word : words) {
    numbers.emplace(word, static_cast<uint32_t>(numbers.size()));
    corpus.add_words(word);
  }
  for (int i = 0; i < corpus.licences_size(); ++i) {
    v1::CorpusLicence& licence = *corpus.mutable_licences(i);
    for (const Token& token : streams[static_cast<size_t>(i)]) {
      licence.add_tokens(numbers.at(token.word));
      licence.mutable_marks()->push_back(static_cast<char>(token.marks));
    }
  }
}

std::string VersionOf(const v1::Corpus& corpus) {
  std::string all;
  for (const v1::CorpusLicence& licence : corpus.licences()) {
    all += absl::StrFormat("%s\n%s\n%d\n%s\n", licence.key(), licence.spdx(),
                           licence.is_exception() ? 1 : 0, common::Sha256(licence.text()));
  }
  return common::ToHex(common::Sha256(all)).substr(0, 16);
}

}  // namespace

absl::Status CorpusBuilder::AddFile(std::string_view path, std::string_view bytes) {
  if (bytes.size() > kMaxFileBytes) return absl::OkStatus();
  if (absl::EndsWith(std::string(path), "spdx-full.json")) return AddSpdxList(path, bytes);
  if (IsPassedOver(path)) return absl::OkStatus();
  std::string_view header, text;
  if (SplitFrontMatter(bytes, header, text) && header.find("key:") != std::string_view::npos) {
    return AddScancode(path, header, text);
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
    // Generic and "unknown" entries stand for no licence in particular.
    if (Flag(node, "is_unknown") || Flag(node, "is_generic")) return absl::OkStatus();
    licence.set_text(std::string(text));
    scancode_[licence.key()] = std::move(licence);
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
    licence.set_key(Lower(id) + "@spdx");
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

absl::StatusOr<v1::Corpus> CorpusBuilder::Build() const {
  if (size() == 0) {
    return absl::FailedPreconditionError(
        "no licence text was found in the given folders; name a folder of licence files");
  }
  std::map<std::string, const v1::CorpusLicence*> chosen;
  std::set<std::pair<std::string, std::string>> held;  // SPDX id, words
  std::map<std::string, std::string> spdx_of_key;
  for (const auto* layout : {&scancode_, &spdx_, &plain_}) {
    for (const auto& [key, licence] : *layout) {
      if (Lower(licence.text()).empty() && !licence.is_exception()) continue;
      if (!held.emplace(licence.spdx(), CoreText(licence.text())).second) continue;
      chosen.try_emplace(key, &licence);
      spdx_of_key.try_emplace(Lower(licence.spdx()), licence.spdx());
    }
  }
  v1::Corpus corpus;
  corpus.set_format(1);
  for (const auto& [name, unused] : sources_) corpus.add_sources(name);
  for (const auto& [key, licence] : chosen) {
    v1::CorpusLicence& added = *corpus.add_licences();
    added = *licence;
    // A plain file named as an SPDX id is that licence.
    const auto known = spdx_of_key.find(key);
    if (plain_.count(key) > 0 && &plain_.at(key) == licence && known != spdx_of_key.end()) {
      added.set_spdx(known->second);
    }
  }
  Compile(corpus);
  corpus.set_version(VersionOf(corpus));
  return corpus;
}

}  // namespace modelwatch::evaluator
