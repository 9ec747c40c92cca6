//! How each invariant of the ledger is broken with `sqlite3`.

use kaowu::overview::keeping::ledger::EXPIRY;

/// An invariant, how to break it by hand, and whom the complaint is about.
pub const BROKEN: &[(&str, &str, &str)] = &[
    (
        "one payment counts",
        "drop index payments_one_counted_per_due;
         insert into payments (trade_no, order_no, due_id, amount, channel, paid_at, learnt_at,
                               learnt_by, fate, counted_at)
         select 'T-second', order_no, due_id, amount, channel, paid_at, learnt_at, learnt_by, fate,
                counted_at
           from payments where fate = 'counted' limit 1",
        "due ",
    ),
    (
        "paid is counted",
        "update dues set state = 'unpaid', settled_at = null
          where id = (select min(id) from dues where state = 'paid')",
        "due ",
    ),
    (
        "paid is counted",
        "update dues set state = 'waived' where id = (select min(id) from dues where state = 'paid')",
        "due ",
    ),
    (
        "paid is counted",
        "update dues set state = 'paid', settled_at = made_at
          where id = (select min(id) from dues where state = 'unpaid')",
        "due ",
    ),
    (
        "refunded was paid",
        "update dues set state = 'refunded', settled_at = made_at
          where id = (select min(id) from dues where state = 'unpaid')",
        "due ",
    ),
    (
        "paid orders have money",
        "update orders set state = 'closed', closed_at = paid_at, paid_at = null
          where id = (select min(id) from orders where state = 'paid')",
        "order ",
    ),
    (
        "paid orders have money",
        "update orders set state = 'paid', paid_at = placed_at
          where id = (select min(id) from orders where state = 'awaiting_payment')",
        "order ",
    ),
    (
        "payments fit orders",
        "update payments set due_id = (select id from dues where state = 'unpaid' limit 1)
          where id = (select min(id) from payments where fate = 'counted')",
        "payment ",
    ),
    (
        "payments fit orders",
        "update payments set amount = amount - 1
          where id = (select min(id) from payments where fate = 'counted')",
        "payment ",
    ),
    (
        EXPIRY,
        "delete from order_questions;
         update orders set expires_at = '2020-03-13T02:24:00Z' where state = 'awaiting_payment'",
        "order ",
    ),
    (
        "notices fit payments",
        "insert into notices (received_at, headers, body, verdict, order_no)
         select placed_at, '[]', cast('{\"payment\":{\"trade_no\":\"T-lost\"}}' as blob),
                'settled', order_no
           from orders where state = 'paid' limit 1",
        "notice ",
    ),
    (
        "notices fit payments",
        "insert into notices (received_at, headers, body, verdict, order_no)
         select placed_at, '[]', cast('{}' as blob), 'forged', order_no from orders limit 1",
        "notice ",
    ),
    (
        "counted has receipt",
        "delete from receipts where id = (select min(id) from receipts)",
        "payment ",
    ),
    (
        "receipts prove payments",
        "update receipts set amount = amount + 1 where id = (select min(id) from receipts)",
        "receipt ",
    ),
    (
        "receipts prove payments",
        "update receipts set trade_no = 'T-none' where id = (select min(id) from receipts)",
        "receipt ",
    ),
    (
        "one receipt stands",
        "insert into payments (trade_no, order_no, due_id, amount, channel, paid_at, learnt_at,
                               learnt_by, fate)
         select 'T-second', order_no, due_id, amount, channel, paid_at, learnt_at, learnt_by,
                'to_refund'
           from payments where fate = 'counted' limit 1;
         insert into receipts (trade_no, order_no, colour, check_code, face, candidate_id, amount,
                               issued_at)
         select 'T-second', r.order_no, 'blue', r.check_code, r.face, r.candidate_id, r.amount,
                r.issued_at
           from receipts r join payments p on p.order_no = r.order_no and p.trade_no = 'T-second'
          limit 1",
        "due ",
    ),
    (
        "red receipts are refunds",
        "insert into receipts (trade_no, order_no, colour, check_code, face, candidate_id, amount,
                               issued_at)
         select trade_no, order_no, 'red', check_code, face, candidate_id, amount, issued_at
           from receipts limit 1",
        "payment ",
    ),
    (
        "red receipts are refunds",
        "update payments set fate = 'refunded'
          where id = (select min(id) from payments where fate = 'counted')",
        "payment ",
    ),
    (
        "fates have refunds",
        "update payments set fate = 'refunding'
          where id = (select min(id) from payments where fate = 'to_refund')",
        "payment ",
    ),
    (
        "fates have refunds",
        "update refunds set amount = amount + 1 where id = (select min(id) from refunds)",
        "payment ",
    ),
    (
        "fates have refunds",
        "update refunds set trade_no = 'T-nowhere' where id = (select min(id) from refunds)",
        "refund ",
    ),
    (
        "numbers given once",
        "create table copy as select * from receipts;
         drop table receipts;
         alter table copy rename to receipts;
         update receipts set number = (select min(number) from receipts)
          where id = (select max(id) from receipts)",
        "number ",
    ),
    (
        "numbers from segments",
        "update receipts set number = number + 1000000 where id = (select max(id) from receipts)",
        "receipt ",
    ),
    ("numbers from segments", "update receipt_segments set next_no = next_no + 1", "segment "),
    (
        "segments lie apart",
        "insert into receipt_segments (code, first_no, last_no, next_no, added_at)
         select code, last_no, last_no + 9, last_no, added_at from receipt_segments limit 1",
        "segment ",
    ),
];
