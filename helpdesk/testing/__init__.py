"""What tests share: fixtures that start the real product, a browser and a mail server."""
