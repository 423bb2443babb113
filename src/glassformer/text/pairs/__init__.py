"""Files of pairs, whatever their format: TSV, CSV, JSON Lines, TMX."""
