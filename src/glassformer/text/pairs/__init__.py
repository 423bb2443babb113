"""Files of sentence pairs in any supported format: TSV, CSV, JSON Lines, TMX."""
