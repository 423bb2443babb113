"""The Transformer itself, one file per part; the forward pass is written only here."""
