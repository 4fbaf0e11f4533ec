# Edits that take nothing from anybody: a story for each class of spec section 7c that a hub can show.
# SPDX-License-Identifier: Apache-2.0

story Another year and holder
at 2026-08-01 acme/model tag mit file LICENSE "MIT License\n\nCopyright (c) 2025 Acme\n\nhttps://opensource.org/license/mit"
at +1d acme/model file LICENSE "MIT License\n\nCopyright (c) 2026 Acme and Friends\n\nhttps://opensource.org/license/mit"
expect nothing

story The file is renamed
at 2026-08-01 acme/model tag apache-2.0 file LICENSE @Apache-2.0
at +1d acme/model file LICENSE - file LICENSE.txt @Apache-2.0
expect nothing

story Notices of third parties come and go
at 2026-08-01 acme/model tag apache-2.0 file LICENSE @Apache-2.0
at +1d acme/model file NOTICE "This product includes software of the Wren Project.\nCopyright 2024 The Wren Authors"
at +1d acme/model file NOTICE -
expect nothing

story A licence of the code beside that of the weights
at 2026-08-01 acme/model tag apache-2.0 file LICENSE @Apache-2.0
at +1d acme/model file LICENSE-CODE @MIT
expect nothing

story Another spelling of the tag, and of a licence's name
at 2026-08-01 acme/model tag apache-2.0
at +1d acme/model tag Apache-2.0
at +1d acme/named tag other name Llama3.1
at +1d acme/named name LLAMA3.1
expect nothing

story The link of the licence moves
at 2026-08-01 acme/model tag mit link https://acme.example/LICENSE
at +1d acme/model link https://models.acme.example/LICENSE
expect nothing

story Reverted within a day
at 2026-08-01 acme/model tag mit
at +1d acme/model presence removed
at +3h acme/model presence present
at +2d
expect nothing

story The repository is renamed
at 2026-08-01 acme/model tag mit
at +1d acme/model rename acme/model-7b
expect nothing
