"""Operations on containers and what they need, for any pyinfra deploy."""
