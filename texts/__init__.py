"""Every sentence a person can be told, as YAML by audience, and the code that fills it in."""
