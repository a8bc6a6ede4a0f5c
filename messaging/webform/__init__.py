"""The web form: a page on which anybody can write to us. Answers go by e-mail."""
