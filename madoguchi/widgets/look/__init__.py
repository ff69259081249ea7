"""The look of the counter window: tokens, fonts, icons and dumb, painted components."""
