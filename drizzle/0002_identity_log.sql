CREATE TABLE "identity_decision" (
	"workspace_id" text collate "C" NOT NULL,
	"id" uuid NOT NULL,
	"recorded_at" timestamp (3) with time zone NOT NULL,
	"ordinal" integer NOT NULL,
	"kind" text collate "C" NOT NULL,
	"verb" text collate "C" NOT NULL,
	"undoes" uuid,
	"identifier_kind" text collate "C",
	"identifier" text collate "C",
	"decided_by" text collate "C" NOT NULL,
	"actor" text collate "C" NOT NULL,
	"model" text collate "C",
	"evidence" jsonb,
	CONSTRAINT "identity_decision_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
ALTER TABLE "identity_decision" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "identity_member" (
	"workspace_id" text collate "C" NOT NULL,
	"kind" text collate "C" NOT NULL,
	"node_id" uuid NOT NULL,
	"believed_from" timestamp (3) with time zone NOT NULL,
	"believed_to" timestamp (3) with time zone,
	"entity_id" uuid NOT NULL,
	CONSTRAINT "identity_member_workspace_id_kind_node_id_believed_from_pk" PRIMARY KEY("workspace_id","kind","node_id","believed_from")
);
--> statement-breakpoint
ALTER TABLE "identity_member" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "identity_side" (
	"workspace_id" text collate "C" NOT NULL,
	"node_id" uuid NOT NULL,
	"decision_id" uuid NOT NULL,
	"side" smallint NOT NULL,
	CONSTRAINT "identity_side_workspace_id_node_id_decision_id_pk" PRIMARY KEY("workspace_id","node_id","decision_id")
);
--> statement-breakpoint
ALTER TABLE "identity_side" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "event" ADD COLUMN "named_person_id" uuid;--> statement-breakpoint
ALTER TABLE "account" ADD COLUMN "merged_into" uuid;--> statement-breakpoint
ALTER TABLE "account" ADD COLUMN "own_domain" text collate "C";--> statement-breakpoint
ALTER TABLE "account" ADD COLUMN "own_name_key" text collate "C";--> statement-breakpoint
ALTER TABLE "opportunity" ADD COLUMN "named_account_id" uuid;--> statement-breakpoint
ALTER TABLE "person" ADD COLUMN "merged_into" uuid;--> statement-breakpoint
ALTER TABLE "person" ADD COLUMN "own_email" text collate "C";--> statement-breakpoint
ALTER TABLE "person" ADD COLUMN "own_domain" text collate "C";--> statement-breakpoint
ALTER TABLE "person" ADD COLUMN "own_name_key" text collate "C";--> statement-breakpoint
CREATE INDEX "identity_decision_order" ON "identity_decision" USING btree ("workspace_id","kind","recorded_at","ordinal");--> statement-breakpoint
CREATE INDEX "identity_decision_undoes" ON "identity_decision" USING btree ("workspace_id","undoes") WHERE undoes is not null;--> statement-breakpoint
CREATE INDEX "identity_decision_identifier" ON "identity_decision" USING btree ("workspace_id","identifier_kind","identifier") WHERE identifier is not null;--> statement-breakpoint
CREATE INDEX "identity_member_entity" ON "identity_member" USING btree ("workspace_id","kind","entity_id");--> statement-breakpoint
CREATE INDEX "identity_side_decision" ON "identity_side" USING btree ("workspace_id","decision_id");--> statement-breakpoint
CREATE INDEX "event_by_named_person" ON "event" USING btree ("workspace_id","named_person_id") WHERE named_person_id is not null;--> statement-breakpoint
CREATE INDEX "account_by_own_name" ON "account" USING btree ("workspace_id","own_name_key") WHERE own_name_key is not null;--> statement-breakpoint
CREATE INDEX "account_merged" ON "account" USING btree ("workspace_id","merged_into","id") WHERE merged_into is not null;--> statement-breakpoint
CREATE INDEX "opportunity_by_named_account" ON "opportunity" USING btree ("workspace_id","named_account_id") WHERE named_account_id is not null;--> statement-breakpoint
CREATE INDEX "person_merged" ON "person" USING btree ("workspace_id","merged_into","id") WHERE merged_into is not null;--> statement-breakpoint
CREATE INDEX "person_by_own_email" ON "person" USING btree ("workspace_id","own_email") WHERE own_email is not null;--> statement-breakpoint
CREATE INDEX "person_by_own_name" ON "person" USING btree ("workspace_id","own_name_key") WHERE own_name_key is not null;--> statement-breakpoint
CREATE INDEX "person_by_own_domain" ON "person" USING btree ("workspace_id","own_domain") WHERE own_domain is not null;--> statement-breakpoint
CREATE POLICY "own_rows" ON "identity_decision" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));--> statement-breakpoint
CREATE POLICY "own_rows" ON "identity_member" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));--> statement-breakpoint
CREATE POLICY "own_rows" ON "identity_side" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));