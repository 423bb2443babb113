"""Seeing into a model: every intermediate by name, its arithmetic, and who attends to whom."""
