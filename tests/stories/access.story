# Access is terms: gates, removals, and what comes and goes.
# SPDX-License-Identifier: Apache-2.0

story A gate that opens after agreeing is told when it has lasted (E6)
at 2026-08-01 acme/model tag mit
at +1d acme/model gate auto
at +11h
expect nothing
at +2h
expect gate-auto warning E6

story A gate that the publisher opens by hand (E6)
at 2026-08-01 acme/model tag mit
at +1d acme/model gate manual
at +13h
expect gate-manual critical E6

story A gate that opens is good news and told to nobody
at 2026-08-01 acme/model tag mit gate auto
at +1d acme/model gate open
at +2d
expect nothing

story A removal (E7)
at 2026-08-01 acme/model tag mit
at +1d acme/model presence removed
at +13h
expect removed critical E7

story The hub takes a release down (E7)
at 2026-08-01 acme/model tag apache-2.0
at +1d acme/model presence disabled gate auto
at +13h
expect removed critical E7

story A release that is private is gone for everybody else (E7)
at 2026-08-01 acme/model tag mit
at +1d acme/model private yes
at +13h
expect removed critical

story Back within the hold-down: nothing happened
at 2026-08-01 acme/model tag mit
at +1d acme/model presence removed
at +3h acme/model presence present
at +5d
expect nothing

story On, off, on within the hold-down is one gate
at 2026-08-01 acme/model tag mit
at +1d acme/model gate auto
at +2h acme/model gate open
at +2h acme/model gate auto
at +13h
expect gate-auto

story A release that comes and goes is told once, with the count
at 2026-08-01 acme/model tag mit
at +1d acme/model presence removed
at +2h acme/model presence present
at +8h acme/model presence removed
at +2h acme/model presence present
at +8h acme/model presence removed
expect removed critical E7
at +2h acme/model presence present
at +8h acme/model presence removed
expect nothing
at +2h acme/model presence present
at +10d
expect nothing

story And when it stays away in the end, that is told too
at 2026-08-01 acme/model tag mit
at +1d acme/model gate manual
at +2h acme/model gate open
at +8h acme/model gate manual
at +2h acme/model gate open
at +8h acme/model gate manual
expect gate-manual
at +13h
expect gate-manual
