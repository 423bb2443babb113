"""The page: serving."""

SENTENCES: dict[str, str] = {}
