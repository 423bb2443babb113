"""The page: homes."""

SENTENCES: dict[str, str] = {}
