"""Pages of the workspace, and the customer's page of a ticket. They translate; verbs decide."""
