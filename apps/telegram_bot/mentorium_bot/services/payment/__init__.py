"""What payment providers send us, translated: plain functions between their protocols and core's use cases."""
