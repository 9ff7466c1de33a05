"""Double random draws that anyone can verify (双随机抽查)."""
