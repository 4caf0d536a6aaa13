"""The servers that beredd is measured against, each started from its Debian package on loopback."""
