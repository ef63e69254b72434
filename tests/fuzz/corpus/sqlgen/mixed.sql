-- a(x int, y text?): one as b { n int }
SELECT 'it''s :x' || :x, "q" /* :y */ FROM t WHERE y = :y; 
-- b(): many @sqlite
SELECT 1;
-- b(): many @pgsql
SELECT 2;