"""What each setting of a training is."""

SENTENCES: dict[str, str] = {}
