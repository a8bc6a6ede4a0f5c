"""What every resource of the REST API has in common: strict bodies, strict lists."""
