"""The page: compare."""

SENTENCES: dict[str, str] = {}
