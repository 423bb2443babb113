"""Text: tokenization, words, and reading text files, plain or parallel."""
