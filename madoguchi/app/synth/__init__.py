"""A made-up library of the city's real size: for measuring, and for what a small one cannot show."""
