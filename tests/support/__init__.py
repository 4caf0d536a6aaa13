"""What the demo and the integration tests share: the corpus, raw SMTP, programs, ports, the reckoning."""
