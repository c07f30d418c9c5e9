"""The running server: ports, TLS, the command socket, the way down."""
