"""What agents see at once: that a ticket changed, and who else is at it.

A socket carries hints only ("ticket 42 changed"). The page then asks the ordinary view for what is
new, so that rights live in one place and a lost hint costs one poll.
"""
