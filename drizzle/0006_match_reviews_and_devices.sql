CREATE TABLE "match_review" (
	"workspace_id" text collate "C" NOT NULL,
	"kind" text collate "C" NOT NULL,
	"left_id" uuid NOT NULL,
	"right_id" uuid NOT NULL,
	"known_at" timestamp (3) with time zone NOT NULL,
	"reason" text collate "C" NOT NULL,
	"model" text collate "C" NOT NULL,
	"bits" integer NOT NULL,
	"value" integer NOT NULL,
	"stake" jsonb NOT NULL,
	"evidence" jsonb NOT NULL,
	"decision" uuid,
	CONSTRAINT "match_review_workspace_id_kind_left_id_right_id_pk" PRIMARY KEY("workspace_id","kind","left_id","right_id")
);
--> statement-breakpoint
ALTER TABLE "match_review" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "event" ADD COLUMN "anonymous_id" text collate "C";--> statement-breakpoint
ALTER TABLE "event" ADD COLUMN "anonymous" boolean;--> statement-breakpoint
CREATE INDEX "match_review_by_right" ON "match_review" USING btree ("workspace_id","kind","right_id");--> statement-breakpoint
CREATE INDEX "event_by_anonymous_id" ON "event" USING btree ("workspace_id","anonymous_id","source") WHERE anonymous_id is not null;--> statement-breakpoint
CREATE INDEX "event_identifying" ON "event" USING btree ("workspace_id","person_id") WHERE anonymous_id is not null and anonymous is null;--> statement-breakpoint
CREATE POLICY "own_rows" ON "match_review" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));