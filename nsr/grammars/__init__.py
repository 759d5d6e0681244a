"""The grammar file, the parser with its syntax hints, the formatter, and the grammars for decoding."""
