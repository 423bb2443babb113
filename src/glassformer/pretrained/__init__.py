"""Models that exist already: found, checked, renamed into this package's terms and loaded."""
