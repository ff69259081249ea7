"""The windows of the counter. The only room, with ``__main__``, that knows Qt."""
