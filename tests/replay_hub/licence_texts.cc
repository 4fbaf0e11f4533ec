// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/licence_texts.h"

#include <fstream>
#include <sstream>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "common/status_macros.h"

namespace modelwatch::replay_hub {
namespace {

struct Blanks {
  std::string year;
  std::string holder;
};

std::string Fill(const std::string& text, const Blanks& blanks) {
  if (blanks.year.empty() && blanks.holder.empty()) return text;
  std::string filled = text;
  if (!blanks.year.empty()) {
    filled = absl::StrReplaceAll(filled, {{"[yyyy]", blanks.year}, {"<year>", blanks.year}});
  }
  if (!blanks.holder.empty()) {
    filled = absl::StrReplaceAll(filled, {{"[name of copyright owner]", blanks.holder},
                                          {"<copyright holders>", blanks.holder},
                                          {"<holder>", blanks.holder}});
  }
  if (filled != text) return filled;
  const char* space = blanks.year.empty() ? "" : " ";
  return absl::StrFormat("Copyright (c) %s%s%s\n\n%s", blanks.year, space, blanks.holder, text);
}

bool IsWordByte(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_'; }

absl::StatusOr<std::string> OmitWord(const std::string& text, const std::string& number) {
  int64_t wanted = 0;
  if (!absl::SimpleAtoi(number, &wanted)) {
    return absl::InvalidArgumentError(absl::StrFormat("omit-word=%s is not a number", number));
  }
  size_t at = 0;
  for (int64_t word = 0; at < text.size(); ++word) {
    while (at < text.size() && !IsWordByte(text[at])) ++at;
    size_t end = at;
    while (end < text.size() && IsWordByte(text[end])) ++end;
    if (word == wanted && end > at) {
      const size_t from = at > 0 && text[at - 1] == ' ' ? at - 1 : at;
      return text.substr(0, from) + text.substr(end);
    }
    at = end;
  }
  return absl::InvalidArgumentError(absl::StrFormat("the text has no word %d", wanted));
}

std::string WithoutFrontMatter(const std::string& file) {
  const size_t end = file.find("\n---", 3);
  const size_t line = end == std::string::npos ? end : file.find('\n', end + 1);
  std::string text = line == std::string::npos ? file : file.substr(line + 1);
  text.erase(0, text.find_first_not_of("\r\n"));
  if (!text.ends_with('\n')) text += '\n';
  return text;
}

}  // namespace

absl::StatusOr<std::string> LicenceTexts::Text(std::string_view key) {
  const auto known = texts_.find(std::string(key));
  if (known != texts_.end()) return known->second;
  if (!std::filesystem::is_directory(directory_)) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "licence corpus %s: not installed; run deploy/setup.sh", directory_.string()));
  }
  const std::filesystem::path path = directory_ / absl::StrFormat("%s.LICENSE", key);
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  if (!file || !(bytes << file.rdbuf())) {
    return absl::NotFoundError(absl::StrFormat("licence text %s: cannot be read", path.string()));
  }
  return texts_[std::string(key)] = WithoutFrontMatter(bytes.str());
}

absl::StatusOr<std::string> LicenceTexts::Edited(std::string_view key, std::string_view edits) {
  ASSIGN_OR_RETURN(std::string text, Text(key));
  Blanks blanks;
  std::string below;
  const std::vector<std::string> list = absl::StrSplit(std::string(edits), ';', absl::SkipEmpty());
  for (const std::string& edit : list) {
    const std::pair<std::string, std::string> word = absl::StrSplit(edit, absl::MaxSplits('=', 1));
    if (word.first == "year") {
      blanks.year = word.second;
    } else if (word.first == "holder") {
      blanks.holder = word.second;
    } else if (word.first == "omit-word") {
      ASSIGN_OR_RETURN(text, OmitWord(text, word.second));
    } else if (word.first == "append") {
      const std::pair<std::string, std::string> of =
          absl::StrSplit(word.second, absl::MaxSplits(':', 1));
      ASSIGN_OR_RETURN(const std::string other, Text(of.first));
      below += absl::StrFormat("\n---------------- LICENSE FOR %s ----------------\n\n%s",
                               of.second, other);
    } else {
      return absl::InvalidArgumentError(absl::StrFormat("unknown edit \"%s\"", edit));
    }
  }
  return Fill(text, blanks) + below;
}

}  // namespace modelwatch::replay_hub
