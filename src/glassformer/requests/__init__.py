"""What a person asks for, as frozen data that every surface makes by the same code."""
