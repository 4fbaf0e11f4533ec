# What tags and licence names show: one story for each kind of licence event that publishers made.
# SPDX-License-Identifier: Apache-2.0

story A publisher takes commercial use away (E1)
at 2026-08-01 acme/model tag mit
at +2d acme/model tag cc-by-nc-4.0
expect swap-tighter critical E1 acme/model

story A community licence takes uses that a permissive one gave, and gives one (E3)
at 2026-08-01 acme/model tag apache-2.0
at +2d acme/model tag gemma
expect mixed warning E3

story A loosening is told only when asked for (E14)
at 2026-08-01 acme/model tag cc-by-nc-4.0
at +2d acme/model tag mit
expect nothing

story From one permissive licence to another is no news: a patent licence that ends when suing over patents (E3)
at 2026-08-01 acme/model tag mit
at +2d acme/model tag apache-2.0
expect nothing
at +2d acme/model tag cc-by-nc-4.0
expect mixed-commercial critical E3
at +2d acme/model tag apache-2.0
expect nothing

story A licence that ends altogether when suing over intellectual property (E3)
at 2026-08-01 acme/model tag mit
at +2d acme/model tag openmdw-1.1
expect swap-retaliation-broad notice E3
at +2d acme/model tag mit
at +2d acme/model tag bsd-3-clause
expect nothing

story A first licence takes nothing from anybody
at 2026-08-01 acme/model
at +2d acme/model tag cc-by-nc-4.0
expect nothing

story Another spelling of the same tag is no event
at 2026-08-01 acme/model tag mit
at +1d acme/model tag MIT
at +1d acme/other tag apache-2.0
at +1d acme/other tag apache2.0
expect nothing

story First sight of anything is no event
at 2026-08-01 acme/nc tag cc-by-nc-4.0
at +0m acme/gated tag mit gate manual
at +0m acme/gone tag mit presence removed
at +30d
expect nothing

story A rename is no event
at 2026-08-01 acme/model tag mit
at +1d acme/model rename acme/model-v1
at +1d
expect nothing
