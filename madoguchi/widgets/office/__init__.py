"""The pages of system staff and the security manager."""
