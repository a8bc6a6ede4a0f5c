"""REST resources of this app: tickets, messages, tags, channels."""
