# SPDX-License-Identifier: Apache-2.0
# Run by mw_embed (embed.cmake): SOURCE -> OUTPUT, as the string NAME.
file(READ ${SOURCE} content)
file(WRITE ${OUTPUT} "// Made by mw_embed.\n#pragma GCC diagnostic ignored \"-Woverlength-strings\"\nnamespace modelwatch::evaluator {\nextern const char ${NAME}[];\nconst char ${NAME}[] = R\"mwdata(${content})mwdata\";\n}  // namespace modelwatch::evaluator\n")
