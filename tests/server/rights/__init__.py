"""Who may do what on the central server, proved by trying: each person with their own login, by ODBC and psql."""
