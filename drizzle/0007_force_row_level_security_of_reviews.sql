-- The policies bind the owner of the tables too: only a superuser passes them by.
ALTER TABLE "match_review" FORCE ROW LEVEL SECURITY;
