-- The whole database of a Kaowu data folder, on one page. A new folder gets this; an older one
-- gets the released steps it lacks (src/machinery/db/steps/), which lead to the same.
--
-- How to read it: `sqlite3 -readonly kaowu.sqlite` works beside the running program.
--   Times   UTC, RFC 3339, whole seconds (2026-03-13T02:24:07Z); they sort as text.
--   Money   integer fen (分), 1/100 yuan.
--   States  the words of product and code; a check lists them, src/**/rules.rs says what may follow.
--   Rooms   each table belongs to one room of src/, named above it; only its store.rs touches it.
-- Tables keep their rowid: the audit log's row digests are found by it.
-- A column whose comment says `in files/` names a file there by its digest: `kaowu check` reads it here.


-- room: db

-- What this folder is; one row a fact (centre_code, machine_no, incarnation, mode, clock_shift_s …).
create table house (
  fact  text not null primary key,  -- the fact's name
  value text not null               -- its value, as text
) strict;

-- Who did what, when, from where, to what. Lines are added and never touched again.
create table audit (
  line     integer primary key,  -- place in the chain, from 1 without gaps
  at       text not null,        -- the wall's time
  house_at text not null,        -- the house's time; differs in training alone
  by_kind  text not null check (by_kind in ('candidate', 'staff', 'platform', 'job', 'operator', 'nobody')),  -- what kind of actor
  by_which text,                 -- the account's number or the job's name; null where there is none
  address  text,                 -- the address it came from; null when not over the network
  act      text not null,        -- what was done: order.placed
  about    text not null,        -- to what: an order's number, 'account 17'; never a person's data
  detail   text,                 -- before and after as JSON; null where the act says it all
  rows     text,                 -- changed rows as JSON [[table, rowid, sha256 or null when gone]]; null: none
  hash     text not null         -- SHA-256 of the line before and this line, in hex
) strict;
create index audit_by_about on audit (about);
create trigger audit_is_not_rewritten before update on audit
begin select raise(abort, 'the audit log is not rewritten'); end;
create trigger audit_is_not_erased before delete on audit
begin select raise(abort, 'the audit log is not erased'); end;

-- Keys of forms that were posted, so that the same form is done once. Housekeeping.
create table form_keys (
  form_key text not null primary key,  -- drawn when the form was shown
  content  text not null,              -- what the form asked for
  answer   text not null,              -- what its first posting was answered with; empty until then
  taken_at text not null               -- the wall's time of the first posting
) strict;
create index form_keys_by_age on form_keys (taken_at);


-- room: rounds

-- When each job of the night shift ran last, and how it ended. Housekeeping.
create table job_runs (
  job      text not null primary key,  -- the job's name
  begun_at text not null,              -- the wall's time of the last start
  ended_at text,                       -- null while it runs
  did      integer,                    -- how many things it did; null while it runs or when it failed
  trouble  text                        -- what went wrong; null when nothing did
) strict;


-- room: mail

-- Letters to send, enqueued by the act that causes them; never changed.
create table mails (
  id         integer primary key,   -- our number
  message_id text not null unique,  -- the Message-ID header, so that a repeated sending is recognised
  recipient  text not null,         -- the address
  subject    text not null,         -- the subject line
  body       text not null,         -- plain text
  cause      text not null,         -- which message: receipt_issued …
  made_at    text not null          -- the house's time of the act
) strict;

-- What became of a letter. Housekeeping.
create table mail_tries (
  mail_id  integer primary key references mails (id),  -- which letter
  state    text not null check (state in ('waiting', 'sent', 'given_up')),  -- where it stands
  tries    integer not null default 0,  -- how often sending was tried
  next_at  text not null,           -- the wall's time of the next try; of the last one when done
  trouble  text                     -- what the server said last; null when nothing went wrong
) strict;
create index mail_tries_due on mail_tries (next_at) where state = 'waiting';


-- room: identity

-- Passwords that people have set. A candidate without a row still has the derived initial one.
create table credentials (
  id            integer primary key,  -- our number
  kind          text not null check (kind in ('candidate', 'staff')),  -- whose account
  account       integer not null,     -- the account's number in candidates or staff
  phc           text,                 -- Argon2id in PHC form; null: the initial password holds (again)
  must_change   integer not null check (must_change in (0, 1)),  -- 1: nothing else before a new one is set
  set_at        text not null,        -- the wall's time this password was set
  last_login_at text,                 -- the wall's time of the last login; null before the first
  prior_login_at text,                -- the one before, which the person is shown; null before the second
  prior_address text,                 -- from where that one came; null before the second
  last_address  text,                 -- from where the last one came; null before the first
  unique (kind, account)
) strict;

-- Who is logged in, and for a day who was: a form that comes too late is kept for them. Housekeeping.
create table sessions (
  id           integer primary key,   -- our number
  token_digest text not null unique,  -- SHA-256 of the cookie's token; the token itself is nowhere
  kind         text not null check (kind in ('candidate', 'staff')),  -- whose session
  account      integer not null,      -- whose
  made_at      text not null,         -- the wall's time of the login
  seen_at      text not null,         -- the wall's time of the last request, by the minute
  ends_at      text not null,         -- the wall's time it ends at the latest
  address      text                   -- from where the login came; null when unknown
) strict;
create index sessions_by_account on sessions (kind, account);

-- Failed logins, by account and address and by address alone: the growing delays. Housekeeping.
create table attempts (
  subject       text not null primary key,  -- digest of what is counted: kind, account key, address
  name_key      text,                       -- digest of kind and account key: one account's, from every address; null for an address alone
  failures      integer not null,           -- in a row
  last_at       text not null,              -- the wall's time of the last one
  blocked_until text                        -- no try is looked at before; null: tries are looked at
) strict;
create index attempts_by_age on attempts (last_at);
create index attempts_by_name on attempts (name_key);

-- Captchas that were answered: each is taken once. Housekeeping.
create table captchas (
  captcha_no text not null primary key,  -- signed by us; it says itself when it was shown
  expires_at text not null               -- not taken after, so it may be forgotten then
) strict;
create index captchas_by_age on captchas (expires_at);

-- Forms that were posted after their session had ended, shown again after login. Housekeeping.
create table kept_forms (
  token_digest text not null primary key,  -- SHA-256 of the cookie that finds it
  kind         text not null check (kind in ('candidate', 'staff')),  -- whose entrance it waits at
  path         text not null,              -- where it was posted
  fields       text not null,              -- JSON [[name, value]]; no passwords, no tokens
  file_name    text,                       -- of the file that came with it and was not kept; null: none
  account      integer,                    -- the account whose session had ended; null when that is not known
  shown_to     text not null,              -- SHA-256 of the token in the form, which only the account it was shown to has again
  kept_at      text not null,              -- the wall's time
  shown_at     text                        -- the wall's time it was first shown again; null: not yet
) strict;


-- room: staff

-- The people behind the console.
create table staff (
  id          integer primary key,   -- our number: the account
  login       text not null unique,  -- what they type, lower case
  name        text not null,         -- as shown
  school_code text,                  -- the school a reviewer is bound to; null: none
  made_at     text not null,         -- the house's time the account was made
  disabled_at text                   -- since when it may not log in; null: it may
) strict;

-- What they may do.
create table duties (
  id       integer primary key,                      -- our number
  staff_id integer not null references staff (id),   -- who
  duty     text not null check (duty in ('clerk', 'review', 'second_review', 'finance', 'system', 'audit', 'help_desk')),  -- which duty
  unique (staff_id, duty)
) strict;


-- room: candidates

-- One account per identity document.
create table candidates (
  id              integer primary key,    -- our number: the account
  document_kind   text not null,          -- code of the kind of document
  document_number text not null,          -- normalised, as printed on the document
  match_key       text not null unique,   -- kind and number, 15-digit numbers under their 18-digit form
  login_key       text not null,          -- the number alone in that form: what is typed at login
  name_given      text not null,          -- exactly as it came
  name_shown      text not null,          -- separators made U+00B7
  phone           text,                   -- null: not known
  email           text,                   -- null: not known
  initial_password text,                  -- from the roster's own column; null: the last six of the document
  privacy_version text,                   -- the privacy notice that was shown and read; null: none yet
  privacy_at      text,                   -- the wall's time of that; null: none yet
  registered_at   text not null,          -- the house's time of the first import
  check ((privacy_version is null) = (privacy_at is null))
) strict;
create index candidates_by_login on candidates (login_key);
create index candidates_by_name on candidates (name_shown);
create index candidates_by_phone on candidates (phone);

-- What was known of somebody before it was changed: the audit log only says that it was.
create table candidate_changes (
  id           integer primary key,                              -- our number
  candidate_id integer not null references candidates (id),      -- whose
  field        text not null check (field in ('name', 'document_number', 'phone', 'email')),  -- what
  before       text,                                             -- null: it was not known
  after        text not null,                                    -- what it is since then
  changed_at   text not null                                     -- the house's time
) strict;
create index candidate_changes_by_candidate on candidate_changes (candidate_id);


-- room: windows

-- When a business may be done: several intervals each.
create table windows (
  id        integer primary key,  -- our number
  business  text not null,        -- which business: 'project 3'
  opens_at  text not null,        -- from then on
  closes_at text not null,        -- until then, this instant excluded
  check (opens_at < closes_at)
) strict;
create index windows_by_business on windows (business, opens_at);


-- room: bulletin

-- 公告 on the home page.
create table announcements (
  id           integer primary key,  -- our number
  title        text not null,        -- one line
  body         text not null,        -- paragraphs, parted by empty lines
  published_at text not null,        -- the house's time; shown from then on
  withdrawn_at text                  -- the house's time; not shown from then on; null: shown
) strict;

-- Whom to ask, with their hours; the lines to choose from (选择线路); browsers to download.
create table bulletin_lines (
  id       integer primary key,  -- our number
  kind     text not null check (kind in ('contact', 'line', 'browser')),  -- what it is
  place    integer not null,     -- order on the page
  label    text not null,        -- 技术支持; 线路一; Chrome
  value    text not null,        -- a phone or QQ number; an address
  hours    text not null         -- when somebody answers; empty where it does not apply
) strict;
create index bulletin_lines_by_kind on bulletin_lines (kind, place);

-- Privacy notices; the last one is in force, and none is ever changed: candidates have read them.
create table privacy_notices (
  id      integer primary key,   -- our number
  version text not null unique,  -- the day it came into force, with a number where that day has several
  body    text not null,         -- paragraphs, parted by empty lines
  made_at text not null          -- the house's time it came into force
) strict;


-- room: characters

-- Pictures of characters that no embedded font draws; papers are printed with them.
create table character_pictures (
  character   text not null primary key check (length(character) = 1),  -- the character
  picture     text not null,  -- SHA-256 of its PNG or JPEG in files/
  supplied_at text not null   -- the house's time it was supplied last
) strict;


-- room: fees

-- What people pay for on one occasion: a 网上缴费系统.
create table projects (
  id          integer primary key,   -- our number
  code        text not null unique collate nocase,  -- for rosters and commands; ZZ2026 is zz2026
  title       text not null,         -- as on the home page
  consequence text not null,         -- what follows from not paying in time
  made_at     text not null,         -- the house's time it was set up
  shown       integer not null check (shown in (0, 1))  -- 1: on the home page
) strict;

-- What is charged for in a project.
create table fee_items (
  id         integer primary key,                        -- our number
  project_id integer not null references projects (id),  -- in which project
  code       text not null,                              -- 项目编码 on the receipt
  name       text not null,                              -- 项目名称 on the receipt
  unit       text not null,                              -- 单位: 人次
  standard   integer not null check (standard > 0),      -- 标准, fen
  key_seed   text not null,                              -- drawn at set-up; with it the keys of its dues are made
  unique (project_id, code)
) strict;

-- What somebody owes (应缴).
create table dues (
  id           integer primary key,                          -- our number
  due_key      text not null unique,                         -- travels with each bill, so that an order unknown here finds home
  candidate_id integer not null references candidates (id),  -- who owes
  fee_item_id  integer not null references fee_items (id),   -- what for
  amount       integer not null check (amount > 0),          -- fen
  school_code  text,                                         -- where the candidate applied; null: not on the roster
  school_name  text,                                         -- its name; null: not on the roster
  state        text not null check (state in ('unpaid', 'paid', 'waived', 'cancelled', 'refunded')),  -- where it stands
  made_at      text not null,                                -- the house's time it fell due
  settled_at   text,                                         -- the house's time it left 'unpaid'; null while unpaid
  unique (candidate_id, fee_item_id),
  check ((state = 'unpaid') = (settled_at is null))
) strict;


-- room: receipts

-- Number ranges that this machine draws from; they never overlap between machines.
create table receipt_segments (
  id       integer primary key,                     -- our number
  code     text not null,                           -- 票据代码, 8 digits
  first_no integer not null,                        -- the first number of the range
  last_no  integer not null,                        -- the last one
  next_no  integer not null,                        -- the next one to be given
  added_at text not null,                           -- the house's time it was loaded
  check (first_no <= last_no),
  check (next_no between first_no and last_no + 1),
  unique (code, first_no)
) strict;

-- One receipt a payment that counted; a red one for its finished refund.
create table receipts (
  id         integer primary key,     -- our number
  trade_no   text not null,           -- the payment it proves
  order_no   text not null,           -- the order it came by
  colour     text not null check (colour in ('blue', 'red')),  -- red takes the blue one back
  code       text,                    -- 票据代码; null while 待领号
  number     integer,                 -- 票据号码; null while 待领号
  check_code text not null,           -- 校验码, 6 characters
  face       text not null,           -- what is printed on it, as JSON
  candidate_id integer not null references candidates (id),  -- whose
  amount     integer not null check (amount > 0),  -- fen; on a red one it counts as negative
  issued_at  text not null,           -- the house's time
  paper      text,                    -- SHA-256 of the drawn PDF in files/; null until first asked for
  unique (trade_no, colour),
  unique (code, number),
  check ((code is null) = (number is null))
) strict;
create index receipts_by_candidate on receipts (candidate_id);
create index receipts_by_order on receipts (order_no);
create index receipts_waiting on receipts (id) where number is null;


-- room: refunds

-- Money that goes back, always all of a payment. One row a payment, whatever number it is tried by.
create table refunds (
  id           integer primary key,   -- our number
  refund_no    text not null unique,  -- its number at the platform; a new one for each new try
  trade_no     text not null,         -- the payment that goes back
  order_no     text not null,         -- the order that payment came by, as the platform says
  candidate_id integer references candidates (id),   -- who paid; null: not known
  amount       integer not null check (amount > 0),  -- fen
  afterwards   text check (afterwards in ('cancel', 'reopen')),  -- what becomes of the due; null: the payment never counted
  reason       text not null check (reason in ('duplicate', 'wrong_amount', 'not_owed', 'unknown_order', 'exam_cancelled', 'paid_in_error', 'other')),  -- why
  words        text not null,         -- what the asker added; may be empty
  state        text not null check (state in ('asked', 'approved', 'sent', 'refund_failed', 'by_hand', 'refunded', 'declined')),  -- where it stands
  asked_at     text not null,         -- the house's time
  asked_by     integer references staff (id),        -- who asked; null: a rule
  decided_at   text,                                 -- the house's time; null until decided
  decided_by   integer references staff (id),        -- who approved or declined; null until decided
  decided_why  text,                                 -- why it was declined; null otherwise
  sent_at      text,                                 -- the house's time the platform accepted it last; null until then
  failure      text,                                 -- why the last try failed, for staff; null while none did
  voucher_no   text,                                 -- of the bank transfer by hand; null: none
  voucher_at   text,                                 -- the house's time the voucher was entered
  voucher_by   integer references staff (id),        -- who entered it
  confirmed_by integer references staff (id),        -- who else confirmed it
  ended_at     text,                                 -- when the money had gone back, by the platform's clock or the house's; null until then
  check ((decided_at is null) = (decided_by is null)),
  check ((voucher_no is null) = (voucher_by is null)),
  check ((state = 'refunded') = (ended_at is not null)),
  check (state <> 'by_hand' or voucher_no is not null)
) strict;
create unique index refunds_one_per_payment on refunds (trade_no) where state <> 'declined';
create index refunds_by_order on refunds (order_no);
create index refunds_open on refunds (id) where state not in ('refunded', 'declined');
create index refunds_by_end on refunds (ended_at);

-- Every number that a refund was ever sent by: the platform wants a new one after a failure.
create table refund_numbers (
  id        integer primary key,                      -- our number
  refund_id integer not null references refunds (id), -- of which refund
  refund_no text not null unique,                     -- the number
  drawn_at  text not null,                            -- the house's time
  failed_at text                                      -- the house's time we learnt that it failed; null: it did not
) strict;

-- When a refund was sent or asked about last. Housekeeping: what follows from an answer is not.
create table refund_tries (
  refund_id integer primary key references refunds (id),  -- of which refund
  tries     integer not null,                             -- how often since its state changed
  tried_at  text not null,                                -- the wall's time
  next_at   text not null,                                -- the wall's time of the next try
  trouble   text                                          -- why the try failed, for staff; null when it was answered
) strict;


-- room: orders

-- One attempt to pay a due.
create table orders (
  id           integer primary key,                      -- our number, in the order of placing
  order_no     text not null unique,                     -- 28 digits; also the platform's key
  due_id       integer not null references dues (id),    -- what is paid
  candidate_id integer not null references candidates (id),  -- whose it is
  amount       integer not null check (amount > 0),      -- fen
  subject      text not null,                            -- what the payer reads at the platform
  payer        text not null,                            -- the name on the receipt, as of placing
  state        text not null check (state in ('created', 'awaiting_payment', 'paid', 'closed')),  -- where it stands
  placed_at    text not null,                            -- the house's time
  expires_at   text not null,                            -- the house's time after which it is asked about and closed
  pay_url      text,                                     -- the platform's page; null until the platform knows the order
  paid_at      text,                                     -- the platform's time of the success; null while unpaid
  closed_at    text,                                     -- the house's time of closing; null while it was never closed
  check ((state = 'paid') = (paid_at is not null)),
  check (state <> 'closed' or closed_at is not null),
  check (state <> 'awaiting_payment' or pay_url is not null)
) strict;
create unique index orders_one_open_per_due on orders (due_id) where state in ('created', 'awaiting_payment');
create index orders_by_candidate on orders (candidate_id);
create index orders_by_due on orders (due_id);
create index orders_open on orders (expires_at) where state in ('created', 'awaiting_payment');

-- When the platform was asked about an order last. Housekeeping: what follows from an answer is not.
create table order_questions (
  order_id integer primary key references orders (id),  -- about which order
  asked_at text not null,                               -- the wall's time
  trouble  text                                         -- why the question failed; null when it was answered
) strict;

-- One success that the platform reported. Each has exactly one fate.
create table payments (
  id        integer primary key,                     -- our number
  trade_no  text not null unique,                    -- the platform's number
  order_no  text not null,                           -- by which order it came; the platform may name one that is not ours
  due_id    integer references dues (id),            -- which due that order was for; null: no order of ours
  amount    integer not null check (amount > 0),     -- fen, as the platform says
  channel   text not null,                           -- alipay, wechat, unionpay …
  paid_at   text not null,                           -- the platform's time
  learnt_at text not null,                           -- the house's time we learnt of it
  learnt_by text not null check (learnt_by in ('notice', 'question', 'statement')),  -- by which road
  fate      text not null check (fate in ('counted', 'to_refund', 'refunding', 'refunded')),  -- what became of it
  counted_at text,                                   -- the house's time it paid its due; null: it never counted
  check (fate <> 'counted' or counted_at is not null),
  check (counted_at is null or due_id is not null)
) strict;
create unique index payments_one_counted_per_due on payments (due_id) where counted_at is not null and fate <> 'refunded';
create index payments_by_order on payments (order_no);
create index payments_by_time on payments (paid_at);
create index payments_by_due on payments (due_id);

-- What the platform posted to us, word for word, the refused ones too.
create table notices (
  id          integer primary key,  -- our number
  received_at text not null,        -- the wall's time
  address     text,                 -- from where; null when unknown
  headers     text not null,        -- the signing headers, as JSON
  body        blob not null,        -- as received
  verdict     text not null check (verdict in ('settled', 'known', 'forged', 'unknown_order', 'wrong_amount', 'nonsense')),  -- what it was found to be
  order_no    text,                 -- the order it speaks of; null when that could not be read
  seen_at     text,                 -- the house's time somebody of staff took note of a forged one; null until then
  seen_by     integer references staff (id)  -- who
) strict;
create index notices_by_order on notices (order_no);
create index notices_unseen on notices (id) where verdict = 'forged' and seen_at is null;


-- room: rosters

-- Files of people who must pay, as they were loaded. A large one is taken in chunks, after the one
-- decision that all of it will be: a row here. Whoever finds it unfinished carries on.
create table rosters (
  id          integer primary key,                         -- our number
  fee_item_id integer not null references fee_items (id),  -- what the people owe
  file_name   text not null,                               -- as the clerk's machine calls it
  file_digest text not null,                               -- SHA-256 of its bytes in files/
  people      integer not null check (people > 0),         -- how many good rows it has
  done        integer not null,                            -- how many of them were gone through, in their order
  added       integer not null,                            -- how many of those were new to the fee item
  changed     integer not null,                            -- how many of those changed something
  refused     integer not null,                            -- how many of those were left out, since what they owe may not change
  left_out    integer not null,                            -- how many bad rows were left out by choice
  loaded_at   text not null,                               -- the house's time of the decision
  check (done <= people),
  check (added + changed + refused <= done)
) strict;
create index rosters_unfinished on rosters (id) where done < people;


-- room: reconciliation

-- The platform's statements of a day, as they were taken. The last one of a day counts; its lines
-- stand in its file.
create table statements (
  id           integer primary key,  -- our number
  day          text not null,        -- the office day it is about: 2026-03-13
  road         text not null check (road in ('fetched', 'uploaded')),  -- by which road it came
  file_digest  text not null,        -- SHA-256 of its bytes in files/
  content      text not null,        -- SHA-256 of what it says, whatever its order and charset
  payments     integer not null check (payments >= 0),      -- how many payments it has
  payments_fen integer not null check (payments_fen >= 0),  -- what they come to, fen
  refunds      integer not null check (refunds >= 0),       -- how many refunds it has
  refunds_fen  integer not null check (refunds_fen >= 0),   -- what they come to, fen
  channels     text not null,        -- the same by channel, as JSON
  taken_at     text not null         -- the house's time
) strict;
create index statements_by_day on statements (day);

-- Where a day's statement and our books differed, and what was done about it.
create table differences (
  id           integer primary key,  -- our number
  day          text not null,        -- the office day it belongs to
  what         text not null check (what in ('payment', 'refund')),  -- which way the money went
  number       text not null,        -- the trade number of a payment, the refund number of a refund
  trade_no     text not null,        -- the platform's number of the payment
  order_no     text not null,        -- the order, which may be unknown here
  channel      text not null,        -- code of the channel
  at           text not null,        -- when, by the platform, or by us where it has nothing
  attach       text not null,        -- the due's key as the platform has it; empty where it has nothing
  theirs_fen   integer,              -- what the platform says, fen; null: it has nothing
  ours_fen     integer,              -- what we say, fen; null: we have nothing
  other_day    text,                 -- on which day the other side has it; null: on the same, or not at all
  kind         text not null check (kind in ('theirs_only', 'ours_only', 'amount_differs', 'state_differs', 'across_midnight')),  -- how they differ
  remedy       text not null check (remedy in ('settle', 'ask', 'explain', 'nothing')),  -- the one act that belongs to it
  state        text not null check (state in ('open', 'proposed', 'cleared', 'explained')),  -- where it stands
  found_at     text not null,        -- the house's time it was found
  asked_at     text,                 -- the house's time the platform was asked about it; null: not yet
  proposed_by  integer references staff (id),  -- who began its act; null: nobody yet
  proposed_at  text,                 -- when; null: not yet
  words        text not null,        -- why it stays; empty where nobody had to say
  confirmed_by integer references staff (id),  -- who confirmed; null: nobody yet
  confirmed_at text,                 -- when; null: not yet
  outcome      text not null,        -- what became of it, in words; empty while nothing has
  closing_id   integer references closings (id),  -- with which closing it was closed; null: not yet
  check (theirs_fen is not null or ours_fen is not null),
  check ((proposed_by is null) = (proposed_at is null)),
  check ((confirmed_by is null) = (confirmed_at is null)),
  check (confirmed_by is null or confirmed_by <> proposed_by),
  check (closing_id is null or state in ('cleared', 'explained'))
) strict;
create unique index differences_once on differences (day, what, number) where closing_id is null;
create index differences_by_day on differences (day);
create index differences_unsettled on differences (day) where state in ('open', 'proposed');

-- Days that were closed (日结), and what was added to them afterwards (补充).
create table closings (
  id                  integer primary key,  -- our number
  day                 text not null,        -- the office day
  part                integer not null check (part >= 0),  -- 0: the day's own; from 1: its supplements
  statement_id        integer not null references statements (id),  -- the statement it rests on
  ours_payments       integer not null,     -- what this part adds, by our books: payments
  ours_payments_fen   integer not null,     -- what they come to, fen
  ours_refunds        integer not null,     -- refunds
  ours_refunds_fen    integer not null,     -- what they come to, fen
  theirs_payments     integer not null,     -- the same by the platform's statement
  theirs_payments_fen integer not null,     -- fen
  theirs_refunds      integer not null,     -- refunds
  theirs_refunds_fen  integer not null,     -- fen
  face                text not null,        -- what is printed on its sheet, as JSON
  closed_by           integer not null references staff (id),  -- who closed it
  closed_at           text not null,        -- the house's time
  paper               text,                 -- SHA-256 of the drawn PDF in files/; null until it is drawn
  unique (day, part)
) strict;
