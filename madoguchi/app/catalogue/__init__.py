"""Bibliographic records: read from the answers of NDL Search, and fetched by ISBN."""
