"""The page: shell."""

SENTENCES: dict[str, str] = {}
