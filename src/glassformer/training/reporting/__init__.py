"""What is said of a training: its record, report, card, curves, and what was watched."""
