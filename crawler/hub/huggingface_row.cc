// SPDX-License-Identifier: Apache-2.0
#include "crawler/hub/huggingface_row.h"

#include <simdjson.h>

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_format.h"
#include "common/clock.h"
#include "common/digest.h"
#include "common/log.h"
#include "common/status_macros.h"
#include "crawler/hub/files.h"
#include "proto/release_id.h"
#include "proto/validate.h"

namespace modelwatch::crawler {
namespace {

namespace json = simdjson::ondemand;
using simdjson::error_code;

constexpr size_t kMaxLicenceBytes = 256;
constexpr size_t kMaxLinkBytes = 2048;
constexpr size_t kMaxSiblings = 200'000;

// At most `max` bytes, never ending inside a character.
std::string Cut(std::string_view text, size_t max) {
  if (text.size() <= max) return std::string(text);
  while (max > 0 && (static_cast<unsigned char>(text[max]) & 0xC0) == 0x80) --max;
  return std::string(text.substr(0, max));
}

// A string value; what cannot be unescaped (a lone surrogate) is kept as it is written.
bool ReadString(json::value value, size_t max, std::string& out) {
  json::json_type type;
  if (value.type().get(type) != simdjson::SUCCESS || type != json::json_type::string) return false;
  const std::string_view raw = value.raw_json_token();
  std::string_view text;
  if (value.get_string().get(text) == simdjson::SUCCESS) {
    out = Cut(text, max);
    return true;
  }
  const size_t end = raw.rfind('"');
  out = Cut(raw.substr(1, end == 0 ? 0 : end - 1), max);
  return true;
}

bool ReadBool(json::value value, bool otherwise) {
  bool read = otherwise;
  return value.get_bool().get(read) == simdjson::SUCCESS ? read : otherwise;
}

// A string or a list of strings, given to `each`. Broken JSON is the only error.
template <typename Each>
error_code ReadStrings(json::value value, size_t max, Each each) {
  std::string text;
  json::array list;
  if (value.get_array().get(list) != simdjson::SUCCESS) {
    if (ReadString(value, max, text)) each(text);
    return simdjson::SUCCESS;
  }
  for (auto element : list) {
    json::value one;
    if (const error_code error = element.get(one)) return error;
    if (ReadString(one, max, text)) each(text);
  }
  return simdjson::SUCCESS;
}

// What the fields of a row say, before it is put together.
struct RowFields {
  v1::Observation* observation = nullptr;
  std::vector<std::string> siblings;
  std::string gguf;
  std::map<std::string, std::set<std::string>> bases;  // name -> relations
  std::vector<std::string> card_bases;
  std::string card_relation;
  bool has_card_data = false;
  bool is_disabled = false;
  uint64_t downloads = 0;
};

void AddLicence(const std::string& licence,
                google::protobuf::RepeatedPtrField<std::string>& licences) {
  if (!licence.empty() && licences.size() < proto::kMaxDeclared) *licences.Add() = licence;
}

bool IsRelation(std::string_view text) {
  return text == "finetune" || text == "adapter" || text == "quantized" || text == "merge";
}

void AddBase(const std::string& name, const std::string& relation, RowFields& fields) {
  if (name.empty()) return;
  fields.bases[name].insert(IsRelation(relation) ? relation : "");
}

void ReadTag(const std::string& tag, RowFields& fields) {
  constexpr std::string_view kLicence = "license:";
  constexpr std::string_view kBase = "base_model:";
  if (tag.rfind(kLicence, 0) == 0) {
    AddLicence(tag.substr(kLicence.size()),
               *fields.observation->mutable_declared()->mutable_tag_licences());
  } else if (tag.rfind(kBase, 0) == 0) {
    const std::string rest = tag.substr(kBase.size());
    const size_t colon = rest.find(':');
    if (colon != std::string::npos && IsRelation(rest.substr(0, colon))) {
      AddBase(rest.substr(colon + 1), rest.substr(0, colon), fields);
    } else {
      AddBase(rest, "", fields);
    }
  }
}

error_code ReadCardField(std::string_view key, json::value value, RowFields& fields) {
  v1::Declared& declared = *fields.observation->mutable_declared();
  std::string text;
  if (key == "license") {
    return ReadStrings(value, kMaxLicenceBytes, [&](const std::string& licence) {
      AddLicence(licence, *declared.mutable_card_licences());
    });
  }
  if (key == "base_model") {
    return ReadStrings(value, kMaxLicenceBytes,
                       [&](const std::string& base) { fields.card_bases.push_back(base); });
  }
  if (key == "license_name") {
    if (ReadString(value, kMaxLicenceBytes, text)) declared.set_license_name(text);
  } else if (key == "license_link") {
    if (ReadString(value, kMaxLinkBytes, text)) declared.set_license_link(text);
  } else if (key == "base_model_relation") {
    if (ReadString(value, kMaxLicenceBytes, text)) fields.card_relation = text;
  } else if (key == "extra_gated_prompt") {
    if (ReadString(value, proto::kMaxGatedPromptBytes, text)) declared.set_gated_prompt(text);
  } else if (key == "extra_gated_eu_disallowed") {
    declared.set_excludes_eu(ReadBool(value, false));
  }
  return simdjson::SUCCESS;
}

error_code ReadCardData(json::value value, RowFields& fields) {
  json::object card;
  if (value.get_object().get(card) != simdjson::SUCCESS) return simdjson::SUCCESS;  // null: no card
  fields.has_card_data = true;
  for (auto field : card) {
    std::string_view key;
    if (const error_code error = field.unescaped_key().get(key)) return error;
    const std::string owned(key);
    json::value inner;
    if (const error_code error = field.value().get(inner)) return error;
    if (const error_code error = ReadCardField(owned, inner, fields)) return error;
  }
  return simdjson::SUCCESS;
}

// [{"rfilename":"a"},...]
error_code ReadSiblings(json::value value, RowFields& fields) {
  json::array list;
  if (value.get_array().get(list) != simdjson::SUCCESS) return simdjson::SUCCESS;
  for (auto element : list) {
    json::value one;
    if (const error_code error = element.get(one)) return error;
    json::value name;
    std::string path;
    if (one.find_field("rfilename").get(name) != simdjson::SUCCESS) continue;
    if (!ReadString(name, kMaxLinkBytes, path)) continue;
    if (fields.siblings.size() < kMaxSiblings && (path == kCardPath || IsLicenceLike(path))) {
      fields.siblings.push_back(std::move(path));
    } else if (IsGguf(path) && (fields.gguf.empty() || IsBetterGguf(path, fields.gguf))) {
      fields.gguf = std::move(path);
    }
  }
  return simdjson::SUCCESS;
}

// {"relation":"finetune","models":[{"_id":"..","id":"owner/name"}]}
error_code ReadBaseModels(json::value value, RowFields& fields) {
  json::object bases;
  if (value.get_object().get(bases) != simdjson::SUCCESS) return simdjson::SUCCESS;
  std::string relation;
  std::vector<std::string> names;
  for (auto field : bases) {
    std::string_view key;
    if (const error_code error = field.unescaped_key().get(key)) return error;
    const bool is_models = key == "models";
    const bool is_relation = key == "relation";
    json::value inner;
    if (const error_code error = field.value().get(inner)) return error;
    if (is_relation) ReadString(inner, kMaxLicenceBytes, relation);
    json::array models;
    if (!is_models || inner.get_array().get(models) != simdjson::SUCCESS) continue;
    for (auto element : models) {
      json::value model;
      if (const error_code error = element.get(model)) return error;
      json::value id;
      std::string name;
      if (model.find_field("id").get(id) != simdjson::SUCCESS) continue;
      if (ReadString(id, kMaxLicenceBytes, name)) names.push_back(name);
    }
  }
  for (const std::string& name : names) AddBase(name, relation, fields);
  return simdjson::SUCCESS;
}

v1::Gate ReadGate(json::value value) {
  std::string text;
  if (ReadString(value, kMaxLicenceBytes, text)) {
    return text == "manual" ? v1::MANUAL : v1::AUTO;
  }
  return ReadBool(value, false) ? v1::AUTO : v1::OPEN;
}

int64_t ReadTime(json::value value) {
  std::string text;
  if (!ReadString(value, kMaxLicenceBytes, text)) return 0;
  return common::ParseMicros(text).value_or(0);
}

error_code ReadField(std::string_view key, json::value value, RowFields& fields) {
  v1::Observation& observation = *fields.observation;
  if (key == "_id") {
    ReadString(value, kMaxLicenceBytes, *observation.mutable_key()->mutable_id());
  } else if (key == "id") {
    ReadString(value, kMaxLinkBytes, *observation.mutable_name());
  } else if (key == "sha") {
    ReadString(value, kMaxLicenceBytes, *observation.mutable_revision());
  } else if (key == "createdAt") {
    observation.set_created_at_us(ReadTime(value));
  } else if (key == "lastModified") {
    observation.set_last_modified_us(ReadTime(value));
  } else if (key == "private") {
    observation.mutable_access()->set_is_private(ReadBool(value, false));
  } else if (key == "disabled") {
    fields.is_disabled = ReadBool(value, false);
  } else if (key == "gated") {
    observation.mutable_access()->set_gate(ReadGate(value));
  } else if (key == "downloads") {
    if (value.get_uint64().get(fields.downloads) != simdjson::SUCCESS) fields.downloads = 0;
  } else if (key == "tags") {
    return ReadStrings(value, kMaxLinkBytes, [&](const std::string& tag) { ReadTag(tag, fields); });
  } else if (key == "cardData") {
    return ReadCardData(value, fields);
  } else if (key == "siblings") {
    return ReadSiblings(value, fields);
  } else if (key == "baseModels") {
    return ReadBaseModels(value, fields);
  }
  return simdjson::SUCCESS;
}

// A name that is declared with a relation somewhere is not listed again without one.
void AddBases(RowFields& fields) {
  for (const std::string& base : fields.card_bases) AddBase(base, fields.card_relation, fields);
  v1::Declared& declared = *fields.observation->mutable_declared();
  for (const auto& [name, relations] : fields.bases) {
    for (const std::string& relation : relations) {
      if (relation.empty() && relations.size() > 1) continue;
      if (declared.base_models_size() >= proto::kMaxDeclared) return;
      v1::BaseModel& base = *declared.add_base_models();
      base.set_name(name);
      base.set_relation(relation);
    }
  }
}

}  // namespace

struct HuggingFaceRowReader::Parser {
  json::parser parser;
  std::string padded;
};

HuggingFaceRowReader::HuggingFaceRowReader(std::string hub_name, std::string name_prefix)
    : hub_name_(std::move(hub_name)),
      name_prefix_(std::move(name_prefix)),
      parser_(std::make_unique<Parser>()) {}
HuggingFaceRowReader::~HuggingFaceRowReader() = default;

namespace {

error_code ReadObject(json::parser& parser, simdjson::padded_string_view text, RowFields& fields) {
  json::document document;
  if (const error_code error = parser.iterate(text).get(document)) return error;
  json::object object;
  if (const error_code error = document.get_object().get(object)) return error;
  for (auto field : object) {
    std::string_view key;
    if (const error_code error = field.unescaped_key().get(key)) return error;
    const std::string owned(key);
    json::value value;
    if (const error_code error = field.value().get(value)) return error;
    if (const error_code error = ReadField(owned, value, fields)) return error;
  }
  return simdjson::SUCCESS;
}

absl::StatusOr<Row> PutTogether(RowFields& fields) {
  v1::Observation& observation = *fields.observation;
  AddBases(fields);
  if (!common::IsGitOid(observation.revision())) observation.clear_revision();
  observation.mutable_declared()->set_card_data_missing(!fields.has_card_data);
  v1::Access& access = *observation.mutable_access();
  access.set_presence(fields.is_disabled ? v1::DISABLED : v1::PRESENT);
  if (access.gate() == v1::GATE_UNSPECIFIED) access.set_gate(v1::OPEN);
  RETURN_IF_ERROR(proto::ParseReleaseName(observation.name()).status());
  RETURN_IF_ERROR(proto::ValidateObservation(observation));
  return Row{observation, PickFiles(fields.siblings), fields.downloads, fields.gguf};
}

}  // namespace

absl::StatusOr<HuggingFaceRowReader::Read> HuggingFaceRowReader::ReadRow(std::string_view row,
                                                                         size_t readable,
                                                                         int64_t observed_at_us) {
  const auto attempt = [&](std::string_view text, size_t capacity, v1::Observation& observation,
                           RowFields& fields) {
    fields = RowFields();
    observation = v1::Observation();
    fields.observation = &observation;
    observation.mutable_key()->set_hub(hub_name_);
    observation.set_observed_at_us(observed_at_us);
    if (capacity < text.size() + simdjson::SIMDJSON_PADDING) {
      parser_->padded.reserve(text.size() + simdjson::SIMDJSON_PADDING);
      parser_->padded.assign(text);
      text = parser_->padded;
      capacity = parser_->padded.capacity();
    }
    return ReadObject(parser_->parser,
                      simdjson::padded_string_view(text.data(), text.size(), capacity), fields);
  };
  v1::Observation observation;
  RowFields fields;
  bool repaired = false;
  error_code error = attempt(row, readable, observation, fields);
  if (error == simdjson::UTF8_ERROR) {
    repaired = true;
    const std::string valid = proto::ToValidUtf8(row);
    error = attempt(valid, valid.size(), observation, fields);
  }
  if (error != simdjson::SUCCESS) {
    return absl::InvalidArgumentError(absl::StrFormat("not a readable JSON object (%s): %s",
                                                      simdjson::error_message(error),
                                                      common::OneLine(row, 80)));
  }
  if (!observation.name().empty()) observation.mutable_name()->insert(0, name_prefix_);
  ASSIGN_OR_RETURN(Row made, PutTogether(fields));
  return Read{std::move(made), repaired};
}

ListedCommit ReadHuggingFaceCommit(std::string_view entry) {
  const simdjson::padded_string padded(entry);
  json::parser parser;
  json::document document;
  json::object object;
  ListedCommit commit;
  std::string text;
  if (parser.iterate(padded).get(document) != simdjson::SUCCESS) return commit;
  if (document.get_object().get(object) != simdjson::SUCCESS) return commit;
  // One pass: looked up by name, a value that breaks off would be walked into again.
  for (auto field : object) {
    std::string_view key;
    json::value value;
    if (field.unescaped_key().get(key) != simdjson::SUCCESS) return ListedCommit();
    if (field.value().get(value) != simdjson::SUCCESS) return ListedCommit();
    if (key == "date") {
      commit.committed_at_us = std::max<int64_t>(0, ReadTime(value));
    } else if (key == "id" && ReadString(value, kMaxLicenceBytes, text) && common::IsGitOid(text)) {
      commit.revision = text;
    }
  }
  return commit;
}

std::string HuggingFaceErrorText(std::string_view body) {
  const simdjson::padded_string padded(body.substr(0, 64 * 1024));
  json::parser parser;
  json::document document;
  json::value value;
  std::string text;
  if (parser.iterate(padded).get(document) != simdjson::SUCCESS) return "";
  if (document.find_field_unordered("error").get(value) != simdjson::SUCCESS) return "";
  ReadString(value, 4096, text);
  return text;
}

}  // namespace modelwatch::crawler
