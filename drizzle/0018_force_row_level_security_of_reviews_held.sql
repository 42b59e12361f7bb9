-- The policies bind the owner of the tables too: only a superuser passes them by.
ALTER TABLE "review_held" FORCE ROW LEVEL SECURITY;
