"""What the command line says: help, usage errors, progress, results."""

SENTENCES: dict[str, str] = {}
