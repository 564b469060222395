"""What every process needs to live: settings, signals, one supervisor, health and probes."""
