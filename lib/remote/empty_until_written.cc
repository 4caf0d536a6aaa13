// remote
