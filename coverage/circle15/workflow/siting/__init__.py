"""Questions of a study on new sites: what they name is read, and each is answered."""
