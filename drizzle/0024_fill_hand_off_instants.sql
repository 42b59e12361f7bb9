ALTER TABLE "hand_off" NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "hand_off_event" NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
UPDATE "hand_off" h SET "touched_at" = e."touched", "qualified_at" = e."qualified", "opened_at" = e."opened"
FROM (
	SELECT "workspace_id", "hand_off_id", min("at") FILTER (WHERE "kind" IN ('attempt', 'meeting')) AS "touched",
		min("at") FILTER (WHERE "kind" = 'qualify') AS "qualified", min("at") FILTER (WHERE "kind" = 'open_opportunity') AS "opened"
	FROM "hand_off_event" WHERE "kind" IN ('attempt', 'meeting', 'qualify', 'open_opportunity') GROUP BY "workspace_id", "hand_off_id"
) e WHERE e."workspace_id" = h."workspace_id" AND e."hand_off_id" = h."id";--> statement-breakpoint
ALTER TABLE "hand_off_event" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "hand_off" FORCE ROW LEVEL SECURITY;
