"""Pages of this app: what was told, announcements, and the customer's way out."""
