-- The simulated platform's books (platform.sqlite). The platform alone writes here; a referee may read.
-- Times are whole seconds, UTC, RFC 3339, by the platform's business clock; money is integer 分.

-- Who may ask for payments.
create table if not exists merchants (
  code          text not null primary key,   -- the merchant code
  name          text not null,               -- shown to payers as 收款单位
  public_key    blob not null check (length(public_key) = 32),  -- Ed25519
  notify_prefix text not null                -- every notify_url begins with it
) strict;

-- Nonces that were used, by the real clock; kept 600 s.
create table if not exists nonces (
  merchant text not null,
  nonce    text not null,
  seen_at  text not null,                    -- real time, not business time
  primary key (merchant, nonce)
) strict, without rowid;

create index if not exists nonces_by_age on nonces (seen_at);

-- One wish of a merchant to be paid.
create table if not exists orders (
  merchant     text not null,
  order_no     text not null,                -- the merchant's
  amount       integer not null check (amount > 0),
  subject      text not null,                -- what for
  payer        text,                         -- masked; absent when the merchant does not say
  attach       text not null,                -- the merchant's own key
  asked_expiry text not null,                -- as the merchant asked
  expires_at   text not null,                -- as it applies
  return_url   text not null,
  notify_url   text not null,
  token        text not null unique,         -- names the cashier page
  created_at   text not null,
  state        text not null check (state in ('WAITING', 'PAID', 'CLOSED')),
  closed_at    text,                         -- absent while it never closed; stays when money comes after
  primary key (merchant, order_no),
  check (state <> 'CLOSED' or closed_at is not null),
  check (state <> 'WAITING' or closed_at is null)
) strict;

-- A payer's try by one channel.
create table if not exists attempts (
  merchant text not null,
  order_no text not null,
  place    integer not null,                 -- 0, 1, 2 … within its order
  code     text not null unique,             -- in the QR code's address
  channel  text not null check (channel in ('WECHAT', 'ALIPAY', 'UNIONPAY')),
  shown_at text not null,
  state    text not null check (state in ('SHOWN', 'OPENED', 'PAID', 'DEAD')),
  primary key (merchant, order_no, place),
  foreign key (merchant, order_no) references orders
) strict;

-- Money that was taken. Never changed, never deleted.
create table if not exists payments (
  serial   integer not null primary key,     -- counts all payments
  trade_no text not null unique,
  merchant text not null,
  order_no text not null,
  place    integer not null,                 -- which attempt
  amount   integer not null check (amount > 0),
  bank     text not null,                    -- the card, for people
  paid_at  text not null,
  foreign key (merchant, order_no, place) references attempts
) strict;

create trigger if not exists payments_stay before delete on payments
begin select raise(abort, 'a payment is never deleted'); end;

create trigger if not exists payments_stand before update on payments
begin select raise(abort, 'a payment is never changed'); end;

-- Money that goes back.
create table if not exists refunds (
  merchant    text not null,
  refund_no   text not null,                 -- the merchant's
  order_no    text not null,
  trade_no    text not null references payments (trade_no),
  amount      integer not null check (amount > 0),
  reason      text not null,
  asked_at    text not null,
  ready_at    text not null,                 -- when the bank will have made up its mind
  outcome     text not null check (outcome in ('PAID', 'REFUSED')),  -- what it will say then
  state       text not null check (state in ('PROCESSING', 'SUCCEEDED', 'FAILED')),
  finished_at text,                          -- absent while the bank has not answered
  primary key (merchant, refund_no),
  foreign key (merchant, order_no) references orders,
  check ((state = 'PROCESSING') = (finished_at is null))
) strict;

-- What merchants are to hear: one for each payment.
create table if not exists notices (
  serial   integer not null primary key,     -- counts all notices
  trade_no text not null references payments (trade_no),
  since    text not null,                    -- when the payment happened
  tries    integer not null check (tries >= 0),
  due_at   text,                             -- absent when heard, or given up
  heard_at text                              -- absent while the merchant has not answered SUCCESS
) strict;

-- Notices that others send in the platform's name, for training: no money, never in a statement.
create table if not exists forgeries (
  serial   integer not null primary key,     -- counts all forgeries
  merchant text not null,
  order_no text not null,
  trade_no text not null,                    -- made up
  amount   integer not null check (amount > 0),  -- claimed
  made_at  text not null,
  due_at   text,                             -- absent when answered, or given up
  believed integer check (believed in (0, 1)),   -- whether the merchant answered SUCCESS; absent while it has not answered
  foreign key (merchant, order_no) references orders
) strict;

-- The faults that are switched on.
create table if not exists faults (
  fault    text not null,                    -- its code
  merchant text not null,                    -- empty: for all orders
  order_no text not null,                    -- empty: for all orders
  measure  integer not null check (measure >= 0),  -- in the fault's unit; 0 where it has none
  since    text not null,
  primary key (fault, merchant, order_no),
  check ((merchant = '') = (order_no = ''))
) strict;

-- What the platform remembers of itself.
create table if not exists facts (
  fact  text not null primary key,           -- clock_shift_s: how far business time is ahead of the real clock
  value text not null
) strict;
