"""The phone log: an agent writes down a call. Answers go by e-mail."""
