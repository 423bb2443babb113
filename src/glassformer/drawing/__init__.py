"""Drawing: views made visible. No number comes from here."""
