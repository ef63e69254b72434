-- Who trains or coaches: few among many members, asked for whenever a meeting is planned.
CREATE INDEX membership_teaching ON membership (person_id) WHERE role IN ('trainer', 'coach');
