"""What the administrator's own machine does, never a counter's."""
