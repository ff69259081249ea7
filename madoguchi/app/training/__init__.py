"""The training library: real records, made-up people, every situation of the counter."""
