"""What is said of texts, tokens, encoding and translating."""

SENTENCES: dict[str, str] = {}
