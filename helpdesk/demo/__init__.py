"""A small company with a plausible past, to try everything on; in bulk also for measuring.

The past is made of the same rows that the verbs leave behind, from a seeded random source: the
same seed and the same day give the same tickets.
"""

PASSWORD = "demo-demo-demo"

# (role, e-mail, password) as the start-up message shows them.
LOGINS = (
    ("agent", "ana@example.com", PASSWORD),
    ("manager", "mia@example.com", PASSWORD),
    ("admin", "admin@example.com", PASSWORD),
)
