"""Encoding: from text to encoder outputs (R), with batching, pooling and output files."""
