"""The page: cells."""

SENTENCES: dict[str, str] = {}
