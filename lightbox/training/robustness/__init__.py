"""What happens to a network's answers when scans come altered."""
