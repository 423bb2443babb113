"""Glassformer: the Transformer of "Attention Is All You Need" with glass walls."""

__version__ = "0.1.0"
