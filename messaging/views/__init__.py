"""Pages of the delivery log, the intake and the customers' mailboxes of the demo."""
