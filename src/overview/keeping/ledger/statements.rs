//! Dues, orders, payments and notices: what contradicts the invariants about them.

/// The due of an order.
pub(super) const DUE_OF_ORDER: &str = "select due_id from orders where order_no = ?1";

/// A unique index says the same; it may have been dropped.
pub(super) const ONE_COUNTS: &str = "
select 'due ' || p.due_id,
       'has ' || count(*) || ' counted payments: ' || group_concat(p.trade_no, ', ')
  from payments p
 where p.fate = 'counted' and p.due_id between ?1 and ?2
 group by p.due_id
having count(*) > 1";

/// A payment pays its due from when it counts until it has gone back; that it once counted, its
/// receipt says. Waived, cancelled and refunded dues are paid by nothing.
pub(super) const PAID_IS_COUNTED: &str = "
with paying as (
  select p.due_id, count(*) as payments
    from payments p
   where p.due_id between ?1 and ?2
     and (p.fate = 'counted'
          or p.fate in ('to_refund', 'refunding')
             and exists (select 1
                           from receipts r
                          where r.trade_no = p.trade_no and r.colour = 'blue'))
   group by p.due_id
)
select 'due ' || d.id || ' of candidate ' || d.candidate_id,
       'is ' || d.state || ', yet ' || coalesce(y.payments, 0) || ' payments pay it'
  from dues d
  left join paying y on y.due_id = d.id
 where d.id between ?1 and ?2
   and (d.state = 'paid') <> (coalesce(y.payments, 0) > 0)";

pub(super) const REFUNDED_WAS_PAID: &str = "
select 'due ' || d.id || ' of candidate ' || d.candidate_id,
       'is refunded, yet no payment of it was counted and given back'
  from dues d
 where d.id between ?1 and ?2
   and d.state = 'refunded'
   and not exists (select 1
                     from payments p
                     join receipts r on r.trade_no = p.trade_no and r.colour = 'blue'
                    where p.due_id = d.id and p.fate = 'refunded')";

/// A payment of the right amount makes its order paid even where the due was paid by another one;
/// a wrong amount never does. The first of several gave the order its time.
pub(super) const PAID_ORDERS_HAVE_MONEY: &str = "
select 'order ' || o.order_no,
       case when o.state = 'paid'
            then 'is paid, yet no payment of its amount came by it at ' || o.paid_at
            else 'is ' || o.state || ', yet a payment of its amount came by it' end
  from orders o
 where o.due_id between ?1 and ?2
   and (o.state = 'paid') <> exists (select 1
                                       from payments p
                                      where p.order_no = o.order_no
                                        and p.amount = o.amount
                                        and p.paid_at = coalesce(o.paid_at, p.paid_at))";

pub(super) const PAYMENTS_FIT_ORDERS: &str = "
select 'payment ' || p.trade_no || ' of order ' || p.order_no,
       case when o.id is null then 'came by an order that is not here'
            when o.due_id <> p.due_id then 'is for due ' || p.due_id || ', its order for ' || o.due_id
            else 'counts for ' || p.amount || ' fen, its order asks ' || o.amount end
  from payments p
  left join orders o on o.order_no = p.order_no
 where p.due_id between ?1 and ?2
   and (o.id is null or o.due_id <> p.due_id or p.fate = 'counted' and p.amount <> o.amount)";

/// While the platform is down one order is asked about in vain for all: the newest question of all
/// excuses the others.
pub(super) const EXPIRY: &str = "
select 'order ' || o.order_no,
       'is open since it expired at ' || o.expires_at || '; the platform '
       || case when q.asked_at is null then 'was never asked'
               else 'was last asked at ' || q.asked_at end
  from orders o
  left join order_questions q on q.order_id = o.id
 where o.state in ('created', 'awaiting_payment')
   and o.expires_at <= ?3
   and o.due_id between ?1 and ?2
   and not exists (select 1
                     from order_questions f
                    where f.trouble is not null
                      and f.asked_at > ?4
                      and (f.order_id = o.id
                           or f.asked_at = (select max(asked_at) from order_questions)))";

/// Forged notices and those without money name no order. A notice that was believed has its
/// payment: the very trade it tells of, where its body says so in words we know.
pub(super) const NOTICES: &str = "
select 'notice ' || n.id,
       case when n.order_no is null then 'is ' || n.verdict || ', yet it names no order'
            when n.verdict in ('forged', 'nonsense')
            then 'is ' || n.verdict || ', yet order ' || n.order_no || ' was read from it'
            else 'is ' || n.verdict || ', yet the payment it tells of is not at order '
                 || n.order_no end
  from notices n
 where (n.verdict in ('forged', 'nonsense')) <> (n.order_no is null)
    or n.verdict in ('settled', 'known', 'wrong_amount')
       and not exists (
         select 1
           from payments p
           left join orders o on o.order_no = p.order_no
          where p.order_no = n.order_no
            and p.trade_no = coalesce(case when json_valid(cast(n.body as text))
                                           then cast(n.body as text) ->> '$.payment.trade_no' end,
                                      p.trade_no)
            and (n.verdict <> 'wrong_amount' or p.amount <> o.amount)
            and (n.verdict <> 'settled' or p.amount = o.amount))";
