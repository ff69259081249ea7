"""The reservation's way round: from the queue to the shelf it is picked up from, and who is told.

``queues``: what a patron waits for, and a title's queue. ``rounds``: what staff look for, send, receive and
clear away. ``telling``: who is to be told that something lies ready, and what a shelf's slip says. Values and
use cases; both databases answer them alike.
"""
