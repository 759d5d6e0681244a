"""What tests are made of, for this package and for back ends of others: cases, generators, scripted language models."""
