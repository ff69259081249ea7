"""The lending server as the counter sees it: connection, dialect, schema, reads and guarded writes."""
