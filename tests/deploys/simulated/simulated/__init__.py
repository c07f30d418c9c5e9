"""A connector for pyinfra whose hosts are files: what our scripts would do, without any server."""
