-- The policies bind the owner of the tables too: only a superuser passes them by.
ALTER TABLE "provider_limit" FORCE ROW LEVEL SECURITY;
