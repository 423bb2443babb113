"""The Transformer itself, one file a part; the forward pass is written here and nowhere else."""
