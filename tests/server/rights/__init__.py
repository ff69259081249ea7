"""Who may do what on the central server, tried by each with their own login, by ODBC and psql."""
