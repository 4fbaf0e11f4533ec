# What other releases make of a release: bases, derivatives, predecessors.
# SPDX-License-Identifier: Apache-2.0

story A derivative that declares less than its base requires (E10)
at 2026-08-01 big/base tag llama3.1
at +1h maker/tune tag llama3.1 base big/base:finetune
at +1d maker/tune tag apache-2.0
expect looser-than-base warning E10 maker/tune

story At first sight it is shown by `lineage` and told to nobody
at 2026-08-01 big/base tag llama3.1
at +1h maker/tune tag apache-2.0 base big/base:finetune
expect nothing

story MIT to Apache is no conflict, and neither is a stricter derivative
at 2026-08-01 big/base tag mit
at +1h maker/tune tag gpl-3.0 base big/base:finetune
at +1d maker/tune tag apache-2.0
expect nothing

story An unknown base accuses nobody
at 2026-08-01 maker/tune tag gpl-3.0 base gone/base:finetune
at +1d maker/tune tag apache-2.0
expect nothing

story A tightened base says how many are made from it (E11)
at 2026-08-01 big/base tag mit
at +1h one/tune tag mit base big/base:finetune
at +1h two/quant tag mit base big/base:quantized
at +1d big/base tag cc-by-nc-4.0
expect swap-tighter critical E1 big/base
expect base-tightened notice E11 big/base

story A new flagship is tighter than the one before, though neither repository changed (E12)
at 2026-08-01 acme/Wren-2.5-70B tag mit
at +30d acme/Wren-2.7-70B tag cc-by-nc-4.0
expect family-tighter warning E12 acme/Wren-2.7-70B

story The small sister under the old terms is no event, nor is another publisher's copy
at 2026-08-01 acme/Wren-2.5-70B tag mit
at +1h acme/Wren-2.5-7B tag mit
at +30d acme/Wren-2.7-7B tag mit
at +1h copier/Wren-2.7-70B-GGUF tag cc-by-nc-4.0 base acme/Wren-2.7-70B:quantized
expect nothing

story What was there before the watch began is history
at 2026-08-01 acme/Wren-2.5-70B tag mit
at +1h acme/Wren-2.7-70B tag cc-by-nc-4.0 created 2026-07-20
expect nothing
