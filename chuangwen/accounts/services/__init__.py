"""What is done to accounts: passwords, people, sessions, devices, links."""
