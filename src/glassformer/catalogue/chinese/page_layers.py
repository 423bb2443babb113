"""The page: layers."""

SENTENCES: dict[str, str] = {}
