// SPDX-License-Identifier: Apache-2.0
#include "architecture/source_tree.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"

namespace modelwatch::testing {
namespace {

namespace fs = std::filesystem;

std::string ReadAll(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

SourceFile ReadSource(const fs::path& root, const fs::path& path) {
  SourceFile file;
  file.path = fs::relative(path, root).generic_string();
  file.room = fs::path(file.path).parent_path().generic_string();
  file.text = ReadAll(path);
  file.includes = ReadIncludes(file.text);
  file.lines = static_cast<size_t>(std::count(file.text.begin(), file.text.end(), '\n'));
  return file;
}

bool IsSource(const fs::path& path) {
  return path.extension() == ".h" || path.extension() == ".cc";
}

// True when `word` of a row, perhaps with a '*', stands for `room`.
bool Matches(std::string_view word, std::string_view room) {
  if (word.size() < 2 || word.substr(word.size() - 2) != "/*") return word == room;
  const std::string_view folder = word.substr(0, word.size() - 1);
  return room.size() > folder.size() && room.substr(0, folder.size()) == folder;
}

}  // namespace

std::vector<Include> ReadIncludes(std::string_view text) {
  std::vector<Include> includes;
  for (const auto line : absl::StrSplit(std::string(text), '\n')) {
    std::string_view rest(line.data(), line.size());
    while (!rest.empty() && (rest[0] == ' ' || rest[0] == '\t')) rest.remove_prefix(1);
    if (rest.substr(0, 8) != "#include") continue;
    rest.remove_prefix(8);
    while (!rest.empty() && rest[0] == ' ') rest.remove_prefix(1);
    if (rest.empty() || (rest[0] != '"' && rest[0] != '<')) continue;
    const bool quoted = rest[0] == '"';
    const size_t end = rest.find(quoted ? '"' : '>', 1);
    if (end == std::string_view::npos) continue;
    includes.push_back({std::string(rest.substr(1, end - 1)), quoted});
  }
  return includes;
}

std::vector<SourceFile> ReadSources(const std::string& root,
                                    const std::vector<std::string>& folders) {
  std::vector<SourceFile> files;
  for (const std::string& folder : folders) {
    for (const fs::directory_entry& entry :
         fs::recursive_directory_iterator(fs::path(root) / folder)) {
      if (entry.is_regular_file() && IsSource(entry.path())) {
        files.push_back(ReadSource(root, entry.path()));
      }
    }
  }
  std::sort(files.begin(), files.end(),
            [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
  return files;
}

absl::StatusOr<LayerTable> ParseLayers(std::string_view text) {
  LayerTable table;
  int number = 0;
  for (const auto raw : absl::StrSplit(std::string(text), '\n')) {
    ++number;
    const auto line = absl::StripAsciiWhitespace(raw);
    if (line.empty() || line[0] == '#') continue;
    const std::vector<std::string> halves = absl::StrSplit(line, absl::MaxSplits(':', 1));
    const std::string room(absl::StripAsciiWhitespace(halves[0]));
    if (halves.size() != 2 || room.empty() || room.find(' ') != std::string::npos) {
      return absl::InvalidArgumentError(
          absl::StrFormat("line %d is not '<room> : <rooms>': %s", number, line));
    }
    const std::set<std::string> rooms =
        absl::StrSplit(halves[1], absl::ByAnyChar(" \t"), absl::SkipEmpty());
    if (!table.emplace(room, rooms).second) {
      return absl::InvalidArgumentError(absl::StrFormat("line %d: %s comes twice", number, room));
    }
  }
  return table;
}

bool MayInclude(const LayerTable& table, const std::string& from, const std::string& to) {
  if (from == to) return true;
  const auto row = table.find(from);
  return row != table.end() && std::any_of(row->second.begin(), row->second.end(),
                                           [&](const std::string& w) { return Matches(w, to); });
}

std::string FindCycle(const LayerTable& table) {
  enum class State { kNew, kOpen, kDone };
  std::map<std::string, State> states;
  std::vector<std::string> path;
  const std::function<std::string(const std::string&)> visit =
      [&](const std::string& room) -> std::string {
    path.push_back(room);
    if (states[room] == State::kOpen) {
      std::string cycle;
      for (auto it = std::find(path.begin(), path.end(), room); it != path.end(); ++it) {
        cycle += (cycle.empty() ? "" : " -> ") + *it;
      }
      return cycle;
    }
    if (states[room] == State::kNew) {
      states[room] = State::kOpen;
      for (const auto& [other, unused] : table) {
        if (other == room || !MayInclude(table, room, other)) continue;
        if (std::string cycle = visit(other); !cycle.empty()) return cycle;
      }
      states[room] = State::kDone;
    }
    path.pop_back();
    return "";
  };
  for (const auto& [room, unused] : table) {
    if (std::string cycle = visit(room); !cycle.empty()) return cycle;
  }
  return "";
}

}  // namespace modelwatch::testing
