"""Text in, R out: batches of sentences, pooling, output files."""
