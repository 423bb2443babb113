"""What the library, requests, traces and reports say."""

SENTENCES: dict[str, str] = {}
