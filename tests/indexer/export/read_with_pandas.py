# SPDX-License-Identifier: Apache-2.0
"""Reads an export with pandas and pyarrow: types, lists, order, page index, statistics, compression."""

import json
import os
import sys

import pandas
import pyarrow.parquet as parquet


def check_columns(name: str) -> None:
    metadata = parquet.read_metadata(name)
    assert b"modelwatch.table" in metadata.metadata, name
    for group in range(metadata.num_row_groups):
        assert metadata.row_group(group).num_rows <= 50_000, name
        for at in range(metadata.num_columns):
            column = metadata.row_group(group).column(at)
            where = (name, column.path_in_schema)
            assert column.compression == "ZSTD", where
            assert column.has_column_index and column.has_offset_index, where
            assert column.is_stats_set, where
    if name == "releases.parquet":
        by = metadata.row_group(0).sorting_columns
        assert [c.column_index for c in by] == [0, 1], by


def main(directory: str) -> int:
    os.chdir(directory)
    with open("manifest.json", encoding="utf-8") as file:
        manifest = json.load(file)
    for entry in manifest["files"]:
        assert len(pandas.read_parquet(entry["name"])) == entry["rows"], entry["name"]
        check_columns(entry["name"])
    schema = parquet.read_schema("releases.parquet")
    assert str(schema.field("observed_at").type) == "timestamp[us, tz=UTC]", schema
    assert str(schema.field("license").type).startswith("list<"), schema
    assert str(schema.field("private").type) == "bool", schema
    releases = pandas.read_parquet("releases.parquet")
    assert list(releases["id"]) == ["owner/a", "owner/b"], releases["id"]
    assert list(releases["license"].iloc[0]) == ["other"], releases["license"]
    assert list(releases["files"].iloc[1]) == [], releases["files"]
    assert releases["license_name"].iloc[0] == 'a "licence", of sorts'
    assert pandas.isna(releases["license_name"].iloc[1])
    assert str(releases["observed_at"].iloc[1]) == "2023-11-14 22:13:23+00:00"
    days = pandas.read_parquet("changes")
    assert "recorded_date" in days.columns and len(days) == 3, days
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
