"""Patrons (利用者): who they are, their cards, and what staff may do about them. Neither Qt nor SQL."""
