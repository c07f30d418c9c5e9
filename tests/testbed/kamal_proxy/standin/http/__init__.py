"""HTTP/1.1 on both sides of the proxy: h11 decides what the bytes mean, asyncio moves them."""
