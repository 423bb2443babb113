"""The page: decoder."""

SENTENCES: dict[str, str] = {}
