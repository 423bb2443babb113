"""What a training says: its notes, errors, card and report."""

SENTENCES: dict[str, str] = {}
