"""The mouth and the wiring: settings, command line, channels, sender, jobs."""
