// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/recorded_card.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "replay_hub/front_matter.h"
#include "replay_hub/json_text.h"

namespace modelwatch::replay_hub {
namespace {

// As people write it where YAML reads it as the same string; else quoted: a JSON string is one of
// YAML.
std::string Scalar(const std::string& value) {
  const bool has_letter = std::any_of(value.begin(), value.end(), absl::ascii_isalpha);
  const bool is_plain = std::all_of(value.begin(), value.end(), [](unsigned char c) {
    return absl::ascii_isalnum(c) || c == '-' || c == '.' || c == '/' || c == '_';
  });
  const bool is_word = value == "true" || value == "false" || value == "null" || value[0] == '-';
  return has_letter && is_plain && !is_word ? value : JsonString(value);
}

void AppendEntry(std::string_view key, const std::string& value, std::string& out) {
  if (!value.empty()) out += absl::StrFormat("%s: %s\n", key, Scalar(value));
}

std::string LicenceEntry(const std::vector<std::string>& licences) {
  if (licences.empty()) return "";
  if (licences.size() == 1) return absl::StrFormat("license: %s\n", Scalar(licences.front()));
  std::string out = "license:\n";
  for (const std::string& licence : licences) out += absl::StrFormat("- %s\n", Scalar(licence));
  return out;
}

}  // namespace

std::string CardOf(const CardFacts& facts) {
  std::string block = LicenceEntry(facts.licences);
  AppendEntry("license_name", facts.license_name, block);
  AppendEntry("license_link", facts.license_link, block);
  AppendEntry("base_model", facts.base_model, block);
  AppendEntry("pipeline_tag", facts.pipeline_tag, block);
  AppendEntry("library_name", facts.library_name, block);
  const std::string fenced = block.empty() ? "" : absl::StrFormat("---\n%s---\n", block);
  return absl::StrFormat("%s# %s\n\nFacts about %s, recorded at %s.\n", fenced, facts.name,
                         facts.name, facts.origin);
}

Metadata MetadataOf(const CardFacts& facts) {
  Metadata metadata;
  metadata.card_data_json = ReadFrontMatter(CardOf(facts)).card_data;
  metadata.pipeline_tag = facts.pipeline_tag;
  metadata.library_name = facts.library_name;
  if (!facts.library_name.empty()) metadata.tags.push_back(facts.library_name);
  if (!facts.pipeline_tag.empty()) metadata.tags.push_back(facts.pipeline_tag);
  for (std::string& tag : LicenseTags(facts.licences)) metadata.tags.push_back(std::move(tag));
  if (!facts.base_model.empty()) metadata.tags.push_back("base_model:" + facts.base_model);
  metadata.tags.push_back("region:us");
  return metadata;
}

}  // namespace modelwatch::replay_hub
