"""Who may do what: a table over every address of the product."""
