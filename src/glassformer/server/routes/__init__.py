"""What can be asked: one file for what belongs together, each with its list of routes."""
