-- ping(): one { one int }
SELECT CAST(1 AS BIGINT) AS one;
