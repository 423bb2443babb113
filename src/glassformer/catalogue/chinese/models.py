"""What is said of models, their files and their configuration."""

SENTENCES: dict[str, str] = {}
