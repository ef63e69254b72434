-- a(x int
SELECT 'never
-- b(: exec
;;
"