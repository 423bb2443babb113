"""Text: what a model reads and writes, cut into tokens, with the way back to the words."""
