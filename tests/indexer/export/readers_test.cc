// SPDX-License-Identifier: Apache-2.0
// What other programs read in our Parquet: DuckDB, pandas, pyarrow and hyparquet, and what
// mlcroissant says of the description. They come from .deps (deploy/setup.sh --for test).
#include <gmock/gmock.h>

#include "export_fixture.h"
#include "testing/process.h"

namespace modelwatch::indexer {
namespace {

using testing::Ended;

class ReadersTest : public ExportFixture {
 protected:
  void SetUp() override {
    ExportFixture::SetUp();
    ASSERT_OK(Run("out", ExportFormat::kParquet));
  }

  void ExpectToRead(const std::vector<std::string>& command) {
    ASSERT_OK_AND_ASSIGN(const Ended ended, testing::RunProcess(command));
    EXPECT_EQ(ended.exit_code, 0) << ended.out << ended.err;
  }
  static std::string Script(const std::string& name) {
    return MODELWATCH_SOURCE_DIR "/tests/indexer/export/" + name;
  }
  static std::string Python() { return MODELWATCH_DEPS "/python/bin/python"; }
};

TEST_F(ReadersTest, DuckDbAnswersTheTenExampleQueries) {
  ExpectToRead({Python(), Script("read_with_duckdb.py"), dir_.Sub("out")});
}

TEST_F(ReadersTest, PandasAndPyarrowReadEveryTableWithItsTypesIndexesAndStatistics) {
  ExpectToRead({Python(), Script("read_with_pandas.py"), dir_.Sub("out")});
}

TEST_F(ReadersTest, HyparquetReadsEveryTable) {
  ExpectToRead({"node", Script("read_with_hyparquet.mjs"), dir_.Sub("out"),
                MODELWATCH_DEPS "/npm/node_modules"});
}

TEST_F(ReadersTest, MlcroissantFindsNoFaultAndReadsReleases) {
  ExpectToRead({Python(), Script("validate_croissant.py"), dir_.Sub("out")});
}

}  // namespace
}  // namespace modelwatch::indexer
