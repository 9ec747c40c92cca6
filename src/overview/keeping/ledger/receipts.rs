//! Receipts and their numbers: what contradicts the invariants about them.

pub(super) const COUNTED_HAS_RECEIPT: &str = "
select 'payment ' || p.trade_no || ' of order ' || p.order_no,
       case when r.id is null then 'counted, yet it has no receipt'
            else 'is ' || p.amount || ' fen, its receipt says ' || r.amount end
  from payments p
  left join receipts r on r.trade_no = p.trade_no and r.colour = 'blue'
 where p.due_id between ?1 and ?2
   and p.counted_at is not null
   and (r.id is null or r.amount <> p.amount)";

pub(super) const PROVE_PAYMENTS: &str = "
select 'receipt ' || r.id || ' of order ' || r.order_no,
       case when p.id is null then 'proves payment ' || r.trade_no || ', which is not there'
            when p.counted_at is null then 'proves a payment that never counted'
            when p.order_no <> r.order_no then 'proves a payment of order ' || p.order_no
            when p.amount <> r.amount
            then 'says ' || r.amount || ' fen, its payment is ' || p.amount
            when o.candidate_id is not r.candidate_id
            then 'is for candidate ' || r.candidate_id || ', its order is another''s'
            else 'takes back a receipt that was never issued' end
  from receipts r
  left join payments p on p.trade_no = r.trade_no
  left join orders o on o.order_no = r.order_no
 where p.id is null
    or p.counted_at is null
    or p.order_no <> r.order_no
    or p.amount <> r.amount
    or o.candidate_id is not r.candidate_id
    or r.colour = 'red' and not exists (select 1
                                          from receipts b
                                         where b.trade_no = r.trade_no and b.colour = 'blue')";

pub(super) const ONE_STANDS: &str = "
select 'due ' || p.due_id,
       'has ' || count(*) || ' receipts that stand: ' || group_concat(r.id, ', ')
  from payments p
  join receipts r on r.trade_no = p.trade_no and r.colour = 'blue'
 where p.due_id between ?1 and ?2
   and not exists (select 1
                     from receipts b
                    where b.trade_no = p.trade_no and b.colour = 'red')
 group by p.due_id
having count(*) > 1";

/// A payment that has a receipt was counted once; when it has gone back, a red one says so.
pub(super) const RED_ARE_REFUNDS: &str = "
select 'payment ' || p.trade_no || ' of order ' || p.order_no,
       case when p.fate = 'refunded' then 'was counted and given back, yet no red receipt says so'
            else 'is ' || p.fate || ', yet a red receipt says it was given back' end
  from payments p
  join receipts b on b.trade_no = p.trade_no and b.colour = 'blue'
  left join receipts r on r.trade_no = p.trade_no and r.colour = 'red'
 where p.due_id between ?1 and ?2
   and (p.fate = 'refunded') <> (r.id is not null)";

/// A unique index says the same; it may have been dropped.
pub(super) const NUMBERS_ONCE: &str = "
select 'number ' || code || ' ' || number,
       'was given to ' || count(*) || ' receipts: ' || group_concat(id, ', ')
  from receipts
 where number is not null
 group by code, number
having count(*) > 1";

pub(super) const NUMBERS_FROM_SEGMENTS: &str = "
select 'receipt ' || r.id || ' of order ' || r.order_no,
       'has number ' || r.code || ' ' || r.number || ', which no segment has given'
  from receipts r
 where r.number is not null
   and not exists (select 1
                     from receipt_segments s
                    where s.code = r.code and r.number between s.first_no and s.next_no - 1)
union all
select 'segment ' || s.id || ' (' || s.code || ' ' || s.first_no || '-' || s.last_no || ')',
       'has given ' || (s.next_no - s.first_no) || ' numbers, yet '
       || (select count(distinct number)
             from receipts
            where code = s.code and number between s.first_no and s.next_no - 1)
       || ' receipts carry one; the first missing is '
       || case when exists (select 1
                              from receipts
                             where code = s.code and number = s.first_no)
               then (select min(r.number) + 1
                       from receipts r
                      where r.code = s.code
                        and r.number between s.first_no and s.next_no - 2
                        and not exists (select 1
                                          from receipts n
                                         where n.code = r.code and n.number = r.number + 1))
               else s.first_no end
  from receipt_segments s
 where s.next_no - s.first_no <> (select count(distinct number)
                                    from receipts
                                   where code = s.code
                                     and number between s.first_no and s.next_no - 1)";

pub(super) const SEGMENTS_APART: &str = "
select 'segment ' || b.id || ' (' || b.code || ' ' || b.first_no || '-' || b.last_no || ')',
       'overlaps segment ' || a.id || ' (' || a.first_no || '-' || a.last_no || ')'
  from receipt_segments a
  join receipt_segments b
    on b.code = a.code and b.id > a.id and b.first_no <= a.last_no and a.first_no <= b.last_no";
