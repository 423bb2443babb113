"""The page: lines."""

SENTENCES: dict[str, str] = {}
