"""What tests and benchmarks share: programs that start fast, a whole line, and the truth."""
