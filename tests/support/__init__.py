"""What tests and measurements stand on: a real PostgreSQL of their own and a line to it that can break."""
