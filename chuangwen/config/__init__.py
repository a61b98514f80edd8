"""Config: settings, addresses, the command line and the demo. The only place that knows every area."""
