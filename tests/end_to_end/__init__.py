"""The product as people use it: browser, mail program and manager, on both shapes."""
