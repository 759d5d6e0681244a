"""The language: syntax tree, typed program, checker, printer, meaning."""
