// SPDX-License-Identifier: Apache-2.0
// Releases made up for the tests of this room, and a corpus that knows their licences.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "common/digest.h"
#include "evaluator/assess/assessor.h"
#include "evaluator/license/corpus_builder.h"
#include "evaluator/terms/lattice.h"
#include "testing/own_licences.h"
#include "testing/status_matchers.h"

namespace modelwatch::evaluator {

namespace fs = std::filesystem;

inline std::string ReadWhole(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

inline fs::path Folder() {
  return fs::path(MODELWATCH_SOURCE_DIR) / "tests/evaluator/license/cases/corpus";
}

// The synthetic permissive text stands in for MIT, so that the terms table knows it; a text of
// our own stands in for Apache-2.0.
inline const Corpus& TestCorpus() {
  static const auto corpus = [] {
    CorpusBuilder builder;
    std::string permissive = ReadWhole(Folder() / "example-permissive.LICENSE");
    const auto replace = [&](std::string_view from, std::string_view to) {
      permissive.replace(permissive.find(from), from.size(), to);
    };
    replace("key: example-permissive", "key: mit");
    replace("LicenseRef-scancode-example-permissive", "MIT");
    EXPECT_OK(builder.AddFile("mit.LICENSE", permissive));
    EXPECT_OK(builder.AddFile("c.LICENSE", ReadWhole(Folder() / "example-community-1.0.LICENSE")));
    EXPECT_OK(builder.AddFile("a.LICENSE",
                              "---\nkey: apache-2.0\nspdx_license_key: Apache-2.0\n"
                              "category: Permissive\n---\n" +
                                  std::string(testing::kGardenLicence)));
    return *Corpus::Make(*builder.Build());
  }();
  return *corpus;
}

inline std::string PermissiveText() { return std::string(TestCorpus().Find("MIT")->text); }

class Release {
 public:
  Release() {
    v1::Observation& seen = *version_.mutable_observation();
    seen.set_name("acme/model");
    seen.mutable_access()->set_presence(v1::PRESENT);
    seen.mutable_access()->set_gate(v1::OPEN);
  }
  Release& Tag(const char* tag) {
    version_.mutable_observation()->mutable_declared()->add_tag_licences(tag);
    return *this;
  }
  Release& File(const char* path, std::string text) {
    v1::File& file = *version_.mutable_observation()->add_files();
    file.set_path(path);
    file.set_oid(common::GitBlobOid(text));
    file.set_digest(common::Sha256(text));
    file.set_outcome(v1::FETCHED);
    texts_.emplace_back(path, std::move(text));
    return *this;
  }
  v1::Observation& seen() { return *version_.mutable_observation(); }
  v1::Assessment Assess(const v1::Assessment* previous = nullptr) const {
    std::vector<FileText> files;
    for (const auto& [path, text] : texts_) files.push_back({path, text});
    return assessor().Assess(version_, files, previous);
  }
  static const Assessor& assessor() {
    static const auto* assessor = new Assessor(&TestCorpus(), TermsTable::Builtin());
    return *assessor;
  }

 private:
  v1::Version version_;
  std::vector<std::pair<std::string, std::string>> texts_;
};

inline v1::Interval At(const v1::Assessment& assessment, const char* scenario) {
  return FindOutcome(assessment.terms(), scenario)->interval();
}

}  // namespace modelwatch::evaluator
