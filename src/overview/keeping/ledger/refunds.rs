//! Refunds: what contradicts the invariants about money that goes back.

/// Each success has exactly one fate, and a refund says the same of it. A refund that was declined
/// never was one.
pub(super) const FATES_HAVE_REFUNDS: &str = r#"
select 'payment ' || p.trade_no || ' of order ' || p.order_no,
       case when r.amount <> p.amount
            then 'is ' || p.amount || ' fen, its refund is ' || r.amount
            else 'is ' || p.fate || ', yet its refund is ' || coalesce(r.state, 'not there') end
  from payments p
  left join refunds r on r.trade_no = p.trade_no and r.state <> 'declined'
 where r.amount <> p.amount
    or coalesce(r.state, 'none') not in (
         select value
           from json_each(case p.fate
                  when 'counted' then '["none", "asked", "approved", "refund_failed", "by_hand"]'
                  when 'to_refund' then '["asked", "approved", "refund_failed", "by_hand"]'
                  when 'refunding' then '["approved", "sent", "refund_failed", "by_hand"]'
                  else '["refunded"]' end))
union all
select 'refund ' || r.refund_no || ' of order ' || r.order_no,
       'gives back payment ' || r.trade_no || ', which is not there'
  from refunds r
 where not exists (select 1 from payments p where p.trade_no = r.trade_no)"#;
