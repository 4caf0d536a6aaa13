// vault
